import { sql, type CompiledQuery } from 'kysely';
import type { Db } from '../../kernel/database.ts';

const hexOf = (lookups: readonly Uint8Array[]): string[] =>
  lookups.map((lookup) => Buffer.from(lookup).toString('hex'));

/**
 * The records of which a platform, or another of its group, was told since an instant by a check that was about one
 * of these subjects, or by one of a record about one of them.
 */
export async function priorMatches(
  db: Db,
  query: { party: string; lookups: readonly Uint8Array[]; since: Date; now: Date },
): Promise<string[]> {
  const { party, lookups, since, now } = query;
  const { rows } = await sql<{ sanction: string }>`
    with these as (select decode(hex, 'hex') as lookup from unnest(${hexOf(lookups)}::text[]) as t(hex)),
    met as (
      select m.sanction, m.party from these
      join subjects j on j.lookup = these.lookup join matches m on m.sanction = j.sanction
      where m.told_at > ${since}
      union
      select m.sanction, m.party from these
      join checked_subjects c on c.lookup = these.lookup join matches m on m.check_id = c.check_id
      where m.told_at > ${since}
    )
    select distinct met.sanction from met
    where met.party in (select group_members(${party}, ${now}))
    order by met.sanction`.execute(db);
  return rows.map(({ sanction }) => sanction);
}

/** Serialises those that share an item of evidence: whoever comes second waits here, then sees the first. In one order. */
export const evidenceLock = (db: Db, commitments: readonly string[]): CompiledQuery =>
  sql`select pg_advisory_xact_lock(hashtextextended('evidence ' || item, 0))
    from jsonb_array_elements_text(${[...new Set(commitments)].toSorted()}::jsonb) as item`.compile(
    db,
  );

/** The records of other groups that commit to one of these items of evidence, which are locked. */
export async function copiedRecords(
  db: Db,
  { commitments, party, now }: { party: string; commitments: readonly string[]; now: Date },
): Promise<string[]> {
  await db.executeQuery(evidenceLock(db, commitments));
  const { rows } = await sql<{ sanction: string }>`
    select distinct c.sanction from evidence_commitments c
    join sanctions s on s.id = c.sanction and s.submitted_at is not null
    where c.commitment = any(${[...commitments]}::text[])
      and s.party not in (select group_members(${party}, ${now}))
    order by c.sanction`.execute(db);
  return rows.map(({ sanction }) => sanction);
}

/** Keeps records from falling until the commit, and says whether one of them fell: by an early end or a finding. */
export async function shareSources(db: Db, sources: readonly string[]): Promise<boolean> {
  if (sources.length === 0) return false;
  const ids = [...sources];
  await sql`select from sanctions where id = any(${ids}) order by id for share`.execute(db);
  const { rows } = await sql`
    select from ends where sanction = any(${ids})
    union all
    select from sanction_events where sanction = any(${ids}) and event = 'finding' limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

export async function insertDerived(
  db: Db,
  { sources, derived }: { derived: string; sources: readonly string[] },
): Promise<void> {
  if (sources.length === 0) return;
  await db
    .insertInto('derived_records')
    .values(sources.map((source) => ({ derived, source })))
    .execute();
}

/** Derived records of a record that no review was begun for, in the order in which they are locked. */
export async function unreviewedDerivedOf(db: Db, source: string): Promise<string[]> {
  const rows = await db
    .selectFrom('derived_records as e')
    .leftJoin('derived_reviews as r', 'r.derived', 'e.derived')
    .select('e.derived')
    .where('e.source', '=', source)
    .where('r.derived', 'is', null)
    .orderBy('e.derived')
    .execute();
  return rows.map(({ derived }) => derived);
}

/** False where it has one. */
export async function insertReview(
  db: Db,
  review: { derived: string; startedAt: Date; dueAt: Date },
): Promise<boolean> {
  const { derived, startedAt, dueAt } = review;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('derived_reviews')
    .values({
      derived,
      started_at: startedAt,
      due_at: dueAt,
      confirmed_at: null,
      confirmation: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows) > 0;
}

export async function setConfirmed(
  db: Db,
  { at, confirmation, derived }: { derived: string; at: Date; confirmation: string | null },
): Promise<void> {
  await db
    .updateTable('derived_reviews')
    .set({ confirmed_at: at, confirmation })
    .where('derived', '=', derived)
    .execute();
}

export const reviewOf = (db: Db, derived: string) =>
  db.selectFrom('derived_reviews').selectAll().where('derived', '=', derived).executeTakeFirst();

/** When the platform of a derived record, or one of its group, was first told of a record that it follows. */
export async function toldOfSource(
  db: Db,
  { derived, party, now }: { derived: string; party: string; now: Date },
): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(m.told_at) as at from derived_records e join matches m on m.sanction = e.source
    where e.derived = ${derived} and m.party in (select group_members(${party}, ${now}))`.execute(
    db,
  );
  return rows[0]?.at ?? null;
}
