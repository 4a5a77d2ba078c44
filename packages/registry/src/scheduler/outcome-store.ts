import type { Id } from '@recourse/protocol';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** Matches without a final outcome past their deadline, whose platform was not reminded. */
const owed = (now: Date): RawBuilder<unknown> => sql`
  select id, party, sanction, due_at from matches
  where due_at <= ${now} and (outcome is null or outcome = 'pending') and reminded_at is null`;

export async function countOwed(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${owed(now)}) m`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Platforms with such matches, but for some. */
export async function findOwed(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ party: string }>`
    select party from (${owed(now)}) m where party <> all(${[...except]}::text[])
    group by party order by min(due_at), party limit ${limit}`.execute(db);
  return rows.map(({ party }) => party);
}

export interface OwedOutcome {
  readonly id: Id<'mat'>;
  readonly sanction: string;
  /** The version of the sanction as it is: an event says no older one than the platform has seen */
  readonly version: number;
  readonly dueAt: Date;
}

/**
 * Marks matches of one platform as reminded of, the oldest first, and returns them. The keys of their sanctions are
 * shared first, so that no change of one is told meanwhile; each match is marked once, by whoever has its row.
 */
export async function markReminded(
  db: Db,
  { now, party, limit }: { party: string; now: Date; limit: number },
): Promise<OwedOutcome[]> {
  const { rows: found } = await sql<{ id: string }>`
    select id from (${owed(now)}) m where party = ${party}
    order by due_at, id limit ${limit}`.execute(db);
  const ids = found.map(({ id }) => id);
  await sql`
    select from sanctions where id in (select sanction from matches where id = any(${ids}::text[]))
    order by id for key share`.execute(db);
  const { rows } = await sql<OwedOutcome>`
    update matches m set reminded_at = ${now} from sanctions s
    where s.id = m.sanction and m.id in (
      select id from matches
      where id = any(${ids}::text[]) and (outcome is null or outcome = 'pending') and reminded_at is null
      order by id for update skip locked
    ) returning m.id, m.sanction, s.version, m.due_at as "dueAt"`.execute(db);
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
