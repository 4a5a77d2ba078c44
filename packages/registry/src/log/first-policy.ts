import { jcs, majorityOf, toTimestamp, type Entry } from '@recourse/protocol';
import { insertPending } from '../commit/store.ts';
import type { Db } from '../kernel/database.ts';
import { insertFirstPolicy } from './witness-store.ts';

/** Logs the policy of no witnesses, once: everybody who follows the policies of a log begins there or later. */
export async function logFirstPolicy(db: Db, at: Date): Promise<void> {
  const detail = { threshold: majorityOf(0), witnesses: [] };
  const entry: Entry = { v: 1, type: 'witness-policy', at: toTimestamp(at), detail };
  await db.transaction().execute(async (trx) => {
    if (await insertFirstPolicy(trx, entry)) await insertPending(trx, [jcs(entry)], at);
  });
}
