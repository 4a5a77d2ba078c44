import type { Db, RecallsTable } from '../database.ts';

export async function toldPlatforms(
  db: Db,
  sanctions: readonly string[],
): Promise<Map<string, string[]>> {
  const told = new Map<string, string[]>();
  if (sanctions.length === 0) return told;
  const rows = await db
    .selectFrom('disclosures')
    .select(['sanction', 'party'])
    .distinct()
    .where('sanction', 'in', sanctions)
    .orderBy('party')
    .execute();
  for (const { sanction, party } of rows)
    told.set(sanction, [...(told.get(sanction) ?? []), party]);
  return told;
}

export async function insertRecalls(db: Db, recalls: readonly RecallsTable[]): Promise<void> {
  if (recalls.length > 0)
    await db
      .insertInto('recalls')
      .values([...recalls])
      .execute();
}
