import { sql, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { FindsTable } from '../schema/claimants.ts';
import type { TokenLookup, Voucher } from './context.ts';

const mostTries = 5;

export async function insertFind(
  db: Db,
  find: Pick<FindsTable, 'id' | 'kind' | 'at' | 'expires_at'>,
): Promise<void> {
  await db
    .insertInto('finds')
    .values({ ...find, used_at: null })
    .execute();
}

/** One more try of a proof, counted whatever comes of it; undefined when there is none left. */
export const spendTry = (
  db: Db,
  { find, now }: { find: string; now: Date },
): Promise<Pick<Selectable<FindsTable>, 'kind'> | undefined> =>
  db
    .updateTable('finds')
    .set({ tries: sql<number>`tries + 1` })
    .where('id', '=', find)
    .where('tries', '<', mostTries)
    .where('expires_at', '>', now)
    .where('used_at', 'is', null)
    .returning('kind')
    .executeTakeFirst();

/** Uses a proof up; false when another one did. */
export async function useFind(
  db: Db,
  { now, find }: { find: string; now: Date },
): Promise<boolean> {
  const row = await db
    .updateTable('finds')
    .set({ used_at: now })
    .where('id', '=', find)
    .where('used_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** A submitted record that one identifier is a subject of. */
export interface ConcernedRecord {
  readonly sanction: string;
  readonly positions: readonly number[];
  readonly byPhone: boolean;
  /** True where it is by the word of a platform of the group that made this record, and of nobody else */
  readonly bySubmitter: boolean;
}

/**
 * Records of a token in the order of their ids, ended ones included. Not drafts, not erased ones, and not those it
 * was detached from: that decision said that they are not about whoever has this identifier.
 *
 * @param by whose word it is: of one kind, and about records that were there when it was given
 */
export async function concernedBy(
  db: Db,
  lookups: readonly TokenLookup[],
  by?: Voucher & { readonly now: Date },
): Promise<ConcernedRecord[]> {
  if (lookups.length === 0) return [];
  const [party, kind, at] = [by?.party ?? null, by?.kind ?? null, by?.at ?? null];
  const { rows } = await sql<ConcernedRecord>`
    select u.sanction, array_agg(distinct u.position order by u.position) as positions,
      bool_or(u.kind = 'phone') as "byPhone",
      coalesce(bool_or(s.party in (select group_members(${party}::text, ${by?.now ?? null}))), false)
        as "bySubmitter"
    from unnest(${lookups.map(({ lookup }) => Buffer.from(lookup).toString('hex'))}::text[],
      ${lookups.map(({ epoch }) => epoch)}::bigint[]) as q(lookup, epoch)
    join subjects u on u.lookup = decode(q.lookup, 'hex') and u.epoch = q.epoch
      and u.detached_at is null and u.kind = coalesce(${kind}::text, u.kind)
    join sanctions s on s.id = u.sanction and s.submitted_at <= coalesce(${at}::timestamptz, s.submitted_at)
    join case_keys k on k.sanction = s.id
    group by u.sanction order by u.sanction`.execute(db);
  return rows;
}

/** Serialises what is opened by one new key, until the commit. */
export async function lockKey(db: Db, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
}

/** More wrong secrets in an hour; how many there are now. */
export async function addGuesses(
  db: Db,
  { hour, guesses }: { hour: Date; guesses: number },
): Promise<number> {
  const row = await db
    .insertInto('guesses')
    .values({ hour, n: guesses })
    .onConflict((conflict) =>
      conflict.column('hour').doUpdateSet({ n: sql<number>`guesses.n + excluded.n` }),
    )
    .returning('n')
    .executeTakeFirstOrThrow();
  return row.n;
}
