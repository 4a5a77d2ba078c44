import type { PrefixTally } from '@recourse/blind/prefixes';
import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { CountedToken } from './fold.ts';

/** Counts that are being made. */
export interface Building {
  readonly epoch: number;
  readonly generation: number;
  readonly bits: number;
  readonly tokens: number;
  /** The place that was counted last; null once all are */
  readonly sanction: string | null;
  readonly position: number | null;
  readonly revision: number;
}

/** What names the counts of one width. */
export type Counts = Pick<Building, 'epoch' | 'generation'>;

/**
 * True where counts may be made beside those that are published: behind the contract. A server of 0.1.0 knows of one
 * generation alone.
 */
export async function mayBuild(db: Db): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select has_table_privilege('prefix_generations', 'insert') as may`.execute(db);
  return rows[0]?.may ?? false;
}

/** What is being made, or deleted, of all epochs. */
export async function generations(
  db: Db,
): Promise<(Building & { readonly dropped_to: number | null })[]> {
  return db
    .selectFrom('prefix_generations')
    .selectAll()
    .orderBy('epoch')
    .orderBy('generation')
    .execute();
}

export const findBuilding = (db: Db, epoch: number): Promise<Building | undefined> =>
  db
    .selectFrom('prefix_generations')
    .selectAll()
    .where('epoch', '=', epoch)
    .where('dropped_to', 'is', null)
    .executeTakeFirst();

/** A number that no counts of an epoch have. */
export async function freeGeneration(db: Db, epoch: number): Promise<number> {
  const { rows } = await sql<{ free: number }>`
    select coalesce(max(used.generation), -1) + 1 as free from (
      select generation from prefix_generations where epoch = ${epoch}
      union all
      select case when l.epoch is null then 0 else l.generation end from prefix_sets s
      left join prefix_leads l on l.epoch = s.epoch where s.epoch = ${epoch}) as used`.execute(db);
  return rows[0]?.free ?? 0;
}

/** Begins to make counts, of which nothing is counted yet. */
export async function insertBuilding(
  db: Db,
  { epoch, bits }: { epoch: number; bits: number },
): Promise<void> {
  const generation = await freeGeneration(db, epoch);
  await db.insertInto('prefix_generations').values({ epoch, generation, bits }).execute();
}

/** Writes how far counts are made. */
export async function setBuilding(
  db: Db,
  { epoch, generation, ...far }: Omit<Building, 'bits'>,
): Promise<void> {
  await db
    .updateTable('prefix_generations')
    .set(far)
    .where('epoch', '=', epoch)
    .where('generation', '=', generation)
    .execute();
}

/** Gives counts up: from now on they are deleted some at a time. */
export async function retire(
  db: Db,
  { epoch, generation, bits }: Pick<Building, 'epoch' | 'generation' | 'bits'>,
): Promise<void> {
  const dropped_to = 0;
  await db
    .insertInto('prefix_generations')
    .values({ epoch, generation, bits, dropped_to })
    .onConflict((conflict) => conflict.columns(['epoch', 'generation']).doUpdateSet({ dropped_to }))
    .execute();
}

export async function deleteGeneration(db: Db, { epoch, generation }: Counts): Promise<void> {
  await db
    .deleteFrom('prefix_generations')
    .where('epoch', '=', epoch)
    .where('generation', '=', generation)
    .execute();
}

/** Deletes some of the counts that nothing is led on by, and at the end the note of them. */
export async function dropSome(
  db: Db,
  { epoch, generation, dropped_to, limit }: Counts & { dropped_to: number; limit: number },
): Promise<void> {
  const { rows } = await sql<{ prefix: number }>`
    select prefix from prefix_counts
    where epoch = ${epoch} and generation = ${generation} and prefix >= ${dropped_to}
    order by prefix offset ${limit} limit 1`.execute(db);
  const [rest] = rows;
  await db
    .deleteFrom('prefix_counts')
    .where('epoch', '=', epoch)
    .where('generation', '=', generation)
    .where('prefix', '>=', dropped_to)
    .$if(rest !== undefined, (some) => some.where('prefix', '<', rest!.prefix))
    .execute();
  if (!rest) return deleteGeneration(db, { epoch, generation });
  await db
    .updateTable('prefix_generations')
    .set({ dropped_to: rest.prefix })
    .where('epoch', '=', epoch)
    .where('generation', '=', generation)
    .execute();
}

/** Of tokens that came or went, those that counts up to a place have to know. */
export async function countedUpTo(
  db: Db,
  { sanction, position }: Pick<Building, 'sanction' | 'position'>,
  counted: readonly CountedToken[],
): Promise<readonly CountedToken[]> {
  if (sanction === null || counted.length === 0) return counted;
  // The database compares, in the order in which it reads them.
  const { rows } = await sql<{ at: number }>`
    select at::int from unnest(${counted.map((one) => one.sanction)}::text[],
      ${counted.map((one) => one.position)}::int[]) with ordinality as t(sanction, position, at)
    where (t.sanction, t.position) <= (${sanction}, ${position})`.execute(db);
  return rows.map(({ at }) => counted[at - 1]!);
}

/** True where an epoch has more tokens to count than so many. */
export async function hasMore(
  db: Db,
  { epoch, than }: { epoch: number; than: number },
): Promise<boolean> {
  const { rows } = await sql<{ more: boolean }>`
    select exists (select from listed_subjects where epoch = ${epoch} offset ${than}) as more`.execute(
    db,
  );
  return rows[0]?.more ?? false;
}

/** How many tokens of an epoch there are to count: reads all of an index. */
export async function countListed(db: Db, epoch: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from listed_subjects where epoch = ${epoch}`.execute(db);
  return rows[0]?.n ?? 0;
}

/**
 * Adds to the counts of prefixes, or takes from them; those that nothing counts any more go.
 * @returns the prefixes that came, and those that went; undefined where there was less than is taken
 */
export async function addCounts(
  db: Db,
  counted: Counts & { counts: ReadonlyMap<number, number> },
): Promise<{ added: Uint32Array; removed: Uint32Array } | undefined> {
  const { epoch, generation } = counted;
  const counts = [...counted.counts].filter(([, by]) => by !== 0).toSorted(([a], [b]) => a - b);
  if (counts.length === 0) return { added: new Uint32Array(), removed: new Uint32Array() };
  // Each is found by the key, whatever is known of the table. The key has one column more behind the contract, and one name.
  const { rows } = await sql<{ prefix: number; n: number }>`
    insert into prefix_counts (epoch, generation, prefix, n)
    select ${epoch}::bigint, ${generation}::int, t.prefix, coalesce(c.n, 0) + t.by
    from unnest(${counts.map(([prefix]) => prefix)}::bigint[],
      ${counts.map(([, by]) => by)}::int[]) as t(prefix, by)
    left join lateral (
      select n from prefix_counts
      where epoch = ${epoch} and generation = ${generation} and prefix = t.prefix offset 0) c on true
    where coalesce(c.n, 0) + t.by >= 0
    on conflict on constraint prefix_counts_pkey do update set n = excluded.n
    returning prefix, n`.execute(db);
  if (rows.length < counts.length) return undefined;
  const removed = rows.filter(({ n }) => n === 0).map(({ prefix }) => prefix);
  if (removed.length > 0) {
    await sql`delete from prefix_counts
      where epoch = ${epoch} and generation = ${generation}
        and prefix = any(${removed}::bigint[]) and n = 0`.execute(db);
  }
  const added = rows.filter(({ n, prefix }) => n === counted.counts.get(prefix));
  return {
    added: Uint32Array.from(added, ({ prefix }) => prefix).sort(),
    removed: Uint32Array.from(removed).sort(),
  };
}

const atOnce = 20_000;

/** Puts what was counted in the place of all counts of a generation. @returns the prefixes, ascending */
export async function replaceCounts(
  db: Db,
  { epoch, generation, tally, bits }: Counts & { tally: PrefixTally; bits: number },
): Promise<Uint32Array> {
  await db
    .deleteFrom('prefix_counts')
    .where('epoch', '=', epoch)
    .where('generation', '=', generation)
    .execute();
  const sorted = new Uint32Array(tally.size);
  let size = 0;
  for (const { prefixes, counts } of tally.counted(bits)) {
    sorted.set(prefixes, size);
    size += prefixes.length;
    for (let from = 0; from < prefixes.length; from += atOnce) {
      const to = from + atOnce;
      await sql`
        insert into prefix_counts (epoch, generation, prefix, n)
        select ${epoch}::bigint, ${generation}::int, * from unnest(
          ${[...prefixes.subarray(from, to)]}::bigint[],
          ${[...counts.subarray(from, to)]}::int[])`.execute(db);
    }
  }
  return sorted.subarray(0, size);
}

/** The prefixes of counts, ascending, some at a time: each part as it is when it is read. */
export async function prefixesIn(
  db: Db,
  { epoch, generation }: Counts,
): Promise<readonly Uint32Array[]> {
  const parts: Uint32Array[] = [];
  for (let after = -1; ;) {
    const { rows } = await sql<{ prefix: number }>`
      select prefix from prefix_counts
      where epoch = ${epoch} and generation = ${generation} and prefix > ${after}
      order by prefix limit ${atOnce}`.execute(db);
    const part = Uint32Array.from(rows, ({ prefix }) => prefix);
    parts.push(part);
    if (part.length < atOnce) return parts;
    after = part.at(-1)!;
  }
}
