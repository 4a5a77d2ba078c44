import type { Insertable } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { DisclosuresTable } from '../../schema/checks.ts';

export async function insertDisclosure(db: Db, row: Insertable<DisclosuresTable>): Promise<void> {
  await db
    .insertInto('disclosures')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The open recall of a platform about a sanction, of which there is at most one. */
export async function openRecallOf(
  db: Db,
  { sanction, party }: { sanction: string; party: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('recalls')
    .select('id')
    .where('sanction', '=', sanction)
    .where('party', '=', party)
    .where('acknowledgement', 'is', null)
    .where('superseded_by', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row?.id;
}

export async function markRecallOverdue(db: Db, recall: string, at: Date): Promise<void> {
  await db.updateTable('recalls').set({ overdue_at: at }).where('id', '=', recall).execute();
}

/** Sanctions that answer nothing because of a restored database. */
export async function countHeldBack(db: Db): Promise<number> {
  const row = await db
    .selectFrom('suspensions')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('cause', '=', 'restore')
    .where('lifted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.n;
}
