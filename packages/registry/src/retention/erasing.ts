import { entryLeafHash } from '@recourse/protocol';
import { commitChanges } from '../audit/commit-changes.ts';
import { caseOf } from '../cases/open-case.ts';
import { toldPlatforms } from '../recalls/store.ts';
import type { Ended } from '../sanctions/life.rules.ts';
import { materialise } from '../sanctions/materialise.ts';
import { standingOf } from '../sanctions/record.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import type { Acting } from '../sanctions/transition.ts';
import { erasureDue, type ErasureStep } from './erasure.rules.ts';
import { erasableOf, eraseCase, eraseTexts } from './erasure-store.ts';
import { remember } from './remembering.ts';

/** What is to be erased of a record now, whether or not a job has come round to it. */
export async function dueErasure(
  { db, now, services }: Pick<Acting, 'db' | 'now' | 'services'>,
  record: SanctionRow,
): Promise<ErasureStep | undefined> {
  const { ended } = standingOf(record, now);
  if (!ended) return undefined;
  const facts = await erasableOf(db, { sanction: record.id, now });
  const of = {
    ...facts,
    open: facts.open || (await owesRecalls(db, record, ended)),
    endedAt: ended.at,
    textsErased: record.texts_erased_at !== null,
  };
  return erasureDue(of, { now, deadlines: services.deadlines });
}

/** Ended early by time alone and nobody wrote it down: whoever was told is to be recalled, and is not yet. */
async function owesRecalls(db: Acting['db'], record: SanctionRow, ended: Ended): Promise<boolean> {
  if (record.end_kind !== null || ended.state === 'expired') return false;
  return (await toldPlatforms(db, [record.id])).has(record.id);
}

/**
 * Erases what is due of a locked record. Its entry is written first, since nobody can open or make one afterwards.
 * @returns the number of steps: 1, or 0 where nothing is due
 */
export async function eraseDue(acting: Acting, locked: SanctionRow): Promise<number> {
  const record = await materialise(acting, locked);
  const step = await dueErasure(acting, record);
  if (step === undefined || record.erased_at) return 0;
  const { db, now, changes } = acting;
  const theCase = await caseOf(acting, record);
  if (!record.texts_erased_at) {
    await remember({ db, now, vault: acting.services.vault }, record);
  }
  // A draft has no entries.
  const isLogged = record.submitted_at !== null;
  if (isLogged) {
    changes.sanction(step === 'case' ? 'erased' : 'texts-erased', { ...theCase, detail: {} });
  }
  await commitChanges(db, changes.list, now);
  const sanction = record.id;
  if (step === 'texts') {
    await eraseTexts(db, { sanction, at: now });
    return 1;
  }
  const entry = isLogged ? changes.list.at(-1)!.entry : undefined;
  await eraseCase(db, { sanction, at: now, leaf: entry ? entryLeafHash(entry) : null });
  return 1;
}
