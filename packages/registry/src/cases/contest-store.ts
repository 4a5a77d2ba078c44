import type { CaseHoldersTable, Db } from '../database.ts';

/** By which way whoever opened the open appeal of a case had come to it. */
export async function openAppealWay(
  db: Db,
  sanction: string,
): Promise<CaseHoldersTable['way'] | undefined> {
  const row = await db
    .selectFrom('appeals as a')
    .innerJoin('case_holders as h', 'h.key_hash', 'a.holder')
    .select('h.way')
    .where('a.sanction', '=', sanction)
    .where('a.closed_at', 'is', null)
    .executeTakeFirst();
  return row?.way;
}
