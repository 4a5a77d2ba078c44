import { sql, type CompiledQuery, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { RememberedTable, ReversalsTable } from '../schema/erasures.ts';

export type RememberedRow = Selectable<RememberedTable>;

/** What is remembered already is so until the later of both. */
export async function insertRemembered(db: Db, rows: readonly RememberedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const distinct = [
    ...new Map(rows.map((row) => [Buffer.from(row.hash).toString('hex'), row])).values(),
  ];
  await db
    .insertInto('remembered')
    .values(distinct)
    .onConflict((conflict) =>
      conflict.column('hash').doUpdateSet({
        at: sql<Date>`greatest(remembered.at, excluded.at)`,
        until: sql<Date>`greatest(remembered.until, excluded.until)`,
      }),
    )
    .execute();
}

export const rememberedOf = (
  db: Db,
  { hashes, now }: { hashes: readonly Uint8Array[]; now: Date },
): Promise<RememberedRow[]> =>
  hashes.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('remembered')
        .selectAll()
        .where('hash', 'in', hashes)
        .where('until', '>', now)
        .execute();

/** The last time that each platform was told of a sanction, no longer ago than this. */
export async function toldSince(
  db: Db,
  { sanction, since }: { sanction: string; since: Date },
): Promise<{ party: string; at: Date }[]> {
  const { rows } = await sql<{ party: string; at: Date }>`
    select party, max(told_at) as at from matches
    where sanction = ${sanction} and told_at > ${since} group by party`.execute(db);
  return rows;
}

/** The lookups of a sanction under every epoch that it had tokens of. */
export async function lookupsOf(
  db: Db,
  sanction: string,
  positions?: readonly number[],
): Promise<Uint8Array[]> {
  const rows = await db
    .selectFrom('subjects')
    .select(['lookup', 'position'])
    .where('sanction', '=', sanction)
    .execute();
  return rows
    .filter(({ position }) => positions?.includes(position) ?? true)
    .map(({ lookup }) => lookup);
}

export type ReversalRow = Selectable<ReversalsTable>;

export async function insertReversals(db: Db, rows: readonly ReversalRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto('reversals')
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Reversals since an instant, by the hashes of tokens in hex. */
export const reversalsSince = (
  db: Db,
  { hashes, since, now }: { hashes: readonly string[]; since: Date; now: Date },
): CompiledQuery<ReversalRow> =>
  sql<ReversalRow>`select r.* from jsonb_array_elements_text(${[...hashes]}::jsonb) hex
    join reversals r on r.hash = decode(hex, 'hex')
    where r.at >= ${since} and r.until > ${now} order by r.at desc`.compile(db);

/** Who decided about a record, by an appeal or an inspection, and its lookups under every epoch. */
export async function judgedSubjects(
  db: Db,
  sanction: string,
): Promise<{ deciders: string[]; lookups: Uint8Array[] }> {
  const { rows } = await sql<{ deciders: string[]; lookups: string[] }>`
    select array(select distinct holder from decisions where sanction = ${sanction} order by holder) as deciders,
      array(select encode(lookup, 'hex') from subjects where sanction = ${sanction}) as lookups`.execute(
    db,
  );
  const { deciders, lookups } = rows[0]!;
  return { deciders, lookups: lookups.map((hex) => Buffer.from(hex, 'hex')) };
}
