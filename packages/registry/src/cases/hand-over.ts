import { closeAppeal } from '../sanctions/appeal-closing.ts';
import { appendEvent, type SanctionRow } from '../sanctions/store.ts';
import type { Acting } from '../sanctions/transition.ts';
import { setWithdrawsAt } from './appeal-store.ts';
import { deleteContacts } from './contact-store.ts';
import { openAppealWay } from './contest-store.ts';
import { endAllAccess } from './giving-access.ts';
import { changeHolder, endHolder } from './holder-store.ts';

/** Reviewers found that the case is the other's: the earlier key opens nothing any more, and its open appeal is void. */
export async function handOver(
  acting: Acting,
  record: SanctionRow,
  { holder_key: from, contester_key: to }: { holder_key: string; contester_key: string },
): Promise<void> {
  const { db, now: at } = acting;
  const { id: sanction, version } = record;
  await takeFrom(acting, record, { from, to, proven: true });
  await appendEvent(db, { sanction, version, event: 'handed-over', at });
}

/**
 * The case changes hands: an open appeal of whoever lost it is void, with a withdrawal that was under way; what was
 * decided stands.
 * @param of.proven whether the one who loses it had proved an identifier
 * @returns the appeals that are void
 */
export async function takeFrom(
  acting: Acting,
  record: SanctionRow,
  { from, to, proven }: { from: string; to: string; proven: boolean },
): Promise<string[]> {
  const { db, now: at } = acting;
  await endHolder(db, from, { as: 'contested', at });
  await deleteContacts(db, { holder: from });
  await endAllAccess(acting, record);
  await changeHolder(db, to, { holds: true });
  if (record.appeal === null) return [];
  const way = await openAppealWay(db, record.id);
  if (way === undefined) {
    // Opened by nobody: it goes on from an earlier record, and whoever withdrew it had no right to.
    await setWithdrawsAt(db, record.appeal, null);
    return [];
  }
  // What somebody else opened who proved an identifier, beside a holder who had the code alone, goes on.
  if (way === 'found' && !proven) return [];
  await closeAppeal(acting, record, { as: 'void', at, event: 'appeal-void' });
  return [record.appeal];
}
