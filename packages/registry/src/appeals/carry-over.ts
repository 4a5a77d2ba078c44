import { placeOf } from '../cases/sealed-columns.ts';
import { wrappedCaseKeys } from '../cases/store.ts';
import type { Services } from '../context.ts';
import type { Db } from '../database.ts';
import { findSanction } from '../sanctions/store.ts';
import type { Acting } from '../sanctions/transition.ts';
import { openAppeal } from './open-appeal.ts';
import { openText } from './sealed-text.ts';
import { appealsOf, type AppealRow } from './store.ts';

/**
 * A record that is filed once more, since nobody decided about it in time, is under the same appeal from the start:
 * whoever appealed need not do so again, and its evidence is due in 7 d.
 * @returns the version of the record
 */
export async function carryAppealOver(
  acting: Acting,
  { id, refiles }: { id: string; refiles: string | null },
): Promise<number> {
  const [record, earlier] = refiles === null ? [] : await readBoth(acting.db, { id, refiles });
  if (!record || !earlier) return 1;
  const { ground, language } = earlier;
  const words = await wordsOf(acting, earlier);
  await openAppeal(acting, record, { holder: null, ground, words, language });
  return (await findSanction(acting.db, id))?.version ?? record.version;
}

const readBoth = async (db: Db, { id, refiles }: { id: string; refiles: string }) =>
  [
    await findSanction(db, id),
    // The last one: that it lapsed may not be written down yet.
    (await appealsOf(db, refiles)).at(-1),
  ] as const;

/** None once that case was erased. */
async function wordsOf(
  of: { db: Db; services: Pick<Services, 'vault'> },
  appeal: AppealRow,
): Promise<string> {
  const [row] = await wrappedCaseKeys(of.db, [appeal.sanction]);
  if (!row) return '';
  const caseKey = of.services.vault.openCase(row);
  return openText(caseKey, appeal.words, placeOf('appeals.words', appeal));
}
