import { sql, type CompiledQuery, type RawBuilder } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { NewMatch, ReadEffects } from '../../commit/effects.ts';

/**
 * Locks sanctions that answers are about to show, until their disclosures are committed. Whoever ends or
 * changes one locks it FOR UPDATE, raises its version, and then reads the disclosures: either it waits and
 * sees ours, or we see its version here.
 *
 * One that somebody holds is passed over, or its transition would hold up every read of this server: the
 * calls that show it are answered anew.
 *
 * @returns the version of each sanction as locked
 */
export async function lockShown(
  db: Db,
  sanctions: readonly string[],
): Promise<Map<string, number>> {
  const ids = [...new Set(sanctions)];
  const { rows } = await sql<{ id: string; version: number }>`
    select id, version from sanctions where id = any(${ids}) order by id
    for share skip locked`.execute(db);
  return new Map(rows.map((row) => [row.id, row.version]));
}

/** Writes the first disclosures of one group, if there are any. Run it under {@link lockShown}. */
export function disclosureQuery(
  db: Db,
  effects: readonly ReadEffects[],
): CompiledQuery<ToldRow> | undefined {
  const firstOfKey = firstClaims(claimsOf(effects));
  if (firstOfKey.size === 0) return undefined;
  // In one order everywhere, so that two servers that write the same disclosures do not deadlock.
  const keys = [...firstOfKey.keys()].sort();
  const column = columnOf(keys.map((key) => firstOfKey.get(key)!.match));
  return sql<ToldRow>`
    insert into disclosures (sanction, version, party, at)
    select * from unnest(${column('sanction')}::text[], ${column('version')}::int[],
      ${column('party')}::text[], ${column('toldAt').map(iso)}::timestamptz[])
    on conflict do nothing returning sanction, version, party`.compile(db);
}

/**
 * The places of reads that are to be answered anew, by the rows of {@link disclosureQuery}: each said it was the first to
 * tell a platform of a version, and another was; its answer and its ledger entry would state that twice.
 */
export function notFirst(
  effects: readonly ReadEffects[],
  rows: readonly ToldRow[],
): ReadonlySet<number> {
  const claims = claimsOf(effects);
  const firstOfKey = firstClaims(claims);
  const written = new Set(rows.map(keyOf));
  const isFirst = ({ match, place }: FirstClaim): boolean =>
    written.has(keyOf(match)) && firstOfKey.get(keyOf(match))?.place === place;
  return new Set(claims.filter((claim) => !isFirst(claim)).map(({ place }) => place));
}

interface ToldRow {
  readonly sanction: string;
  readonly version: number;
  readonly party: string;
}

/** A read that said it tells a platform of a version for the first time. */
interface FirstClaim {
  readonly match: NewMatch;
  readonly place: number;
}

const claimsOf = (effects: readonly ReadEffects[]): FirstClaim[] =>
  effects.flatMap(({ matches }, place) =>
    matches.filter((match) => match.firstDisclosure).map((match) => ({ match, place })),
  );

const firstClaims = (claims: readonly FirstClaim[]): ReadonlyMap<string, FirstClaim> =>
  new Map(claims.toReversed().map((claim) => [keyOf(claim.match), claim]));

/**
 * Queries for all else that the reads of a group write, behind {@link disclosureQuery}, which writes what a match
 * refers to.
 */
export const effectQueries = (db: Db, effects: readonly ReadEffects[]): CompiledQuery[] =>
  [
    insertChecked(effects.flatMap(({ checked }) => checked)),
    insertMatches(effects.flatMap(({ matches }) => matches)),
    setReviewed(effects.flatMap(({ reviewed }) => reviewed)),
  ].flatMap((query) => query?.compile(db) ?? []);

/** In one order, so that two servers that answer the same question do not wait for each other. */
function insertChecked(checked: ReadEffects['checked']): RawBuilder<unknown> | undefined {
  if (checked.length === 0) return undefined;
  const column = columnOf(checked);
  return sql`
    insert into checked_subjects (check_id, lookup)
    select check_id, decode(hex, 'hex')
    from unnest(${column('check')}::text[], ${column('lookup')}::text[]) as t(check_id, hex)
    order by check_id, hex
    on conflict do nothing`;
}

/** A copy of the same question has the same match ids: the first row stands for both. */
function insertMatches(matches: readonly NewMatch[]): RawBuilder<unknown> | undefined {
  if (matches.length === 0) return undefined;
  const column = columnOf(matches);
  return sql`
    insert into matches (id, check_id, party, sanction, version, purpose, due_at, advice, told_at, ref, positions)
    select t.*, (select ref from checks where id = t.check_id), array(
      select distinct u.position from checked_subjects k join subjects u on u.lookup = k.lookup
      where k.check_id = t.check_id and u.sanction = t.sanction order by u.position) from unnest(${column('id')}::text[], ${column('check')}::text[],
      ${column('party')}::text[], ${column('sanction')}::text[], ${column('version')}::int[],
      ${column('purpose')}::text[], ${column('dueAt').map(iso)}::timestamptz[],
      ${column('advice')}::text[], ${column('toldAt').map(iso)}::timestamptz[])
      as t(id, check_id, party, sanction, version, purpose, due_at, advice, told_at)
    on conflict do nothing`;
}

/** In one order, as those who report outcomes lock them. */
function setReviewed(matches: readonly string[]): RawBuilder<unknown> | undefined {
  if (matches.length === 0) return undefined;
  return sql`
    with locked as (
      select id from matches where id = any(${[...matches]}::text[]) and advice <> 'review'
      order by id for update
    )
    update matches m set advice = 'review' from locked where m.id = locked.id`;
}

const columnOf =
  <R>(rows: readonly R[]) =>
  <K extends keyof R>(name: K): R[K][] =>
    rows.map((row) => row[name]);

/** An array of dates would be sent as one date: postgres.js takes the type from the first element. */
const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

const keyOf = (row: ToldRow): string => `${row.sanction} ${row.version} ${row.party}`;
