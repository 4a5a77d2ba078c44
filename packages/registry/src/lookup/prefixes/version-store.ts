import { prefixBits, type SetChanges } from '@recourse/blind/prefixes';
import { sql } from 'kysely';
import type { Version } from '../../context/published-sets.ts';
import type { Db } from '../../kernel/database.ts';
import type { PrefixSetsTable } from '../../schema/prefixes.ts';
import { packPrefixes, unpackPrefixes } from './changes.ts';
import { keptDays, type SinceSnapshot } from './prefix-list.rules.ts';

/** A set as it was published last, and the counts that it is led on by; none once they are given up. */
export interface StoredSet extends PrefixSetsTable {
  readonly generation: number | null;
}

const sets = (db: Db) =>
  db
    .selectFrom('prefix_sets as s')
    .leftJoin('prefix_leads as l', 'l.epoch', 's.epoch')
    .selectAll('s')
    .select(
      sql<number | null>`case when l.epoch is null then 0 else l.generation end`.as('generation'),
    );

export const findSet = (db: Db, epoch: number): Promise<StoredSet | undefined> =>
  sets(db).where('s.epoch', '=', epoch).executeTakeFirst();

export const allSets = (db: Db): Promise<StoredSet[]> => sets(db).orderBy('s.epoch').execute();

export async function setTokens(
  db: Db,
  { tokens, epoch }: { epoch: number; tokens: number },
): Promise<void> {
  await db.updateTable('prefix_sets').set({ tokens }).where('epoch', '=', epoch).execute();
}

const versionColumns = ['epoch', 'version', 'bits', 'size', 'checksum', 'header', 'as_of'] as const;

/** The newest version of an epoch; none before the first, and none of those that a recovery threw away. */
export const newestVersion = (db: Db, epoch: number): Promise<Version | undefined> =>
  db
    .selectFrom('prefix_versions')
    .select(versionColumns)
    .where('epoch', '=', epoch)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();

export const findVersion = (
  db: Db,
  { epoch, version }: { epoch: number; version: number },
): Promise<Version | undefined> =>
  db
    .selectFrom('prefix_versions')
    .select(versionColumns)
    .where('epoch', '=', epoch)
    .where('version', '=', version)
    .executeTakeFirst();

/** Writes the next version with what it changed; `changes` is undefined where the set was made anew. */
export async function insertVersion(
  db: Db,
  inserted: {
    version: Version;
    tokens: number;
    changes: SetChanges | undefined;
    generation: number;
  },
): Promise<void> {
  const { version, tokens, changes, generation } = inserted;
  const { epoch, bits, as_of } = version;
  const set = { version: version.version, bits, tokens, as_of };
  await db
    .insertInto('prefix_sets')
    .values({ epoch, ...set })
    .onConflict((conflict) => conflict.column('epoch').doUpdateSet(set))
    .execute();
  await db
    .insertInto('prefix_versions')
    .values({
      ...version,
      added: changes ? packPrefixes(changes.added) : null,
      removed: changes ? packPrefixes(changes.removed) : null,
    })
    .execute();
  await leadOnBy(db, { epoch, generation });
}

/** Leads a set on by these counts, with a version; by none from when they are given up. */
export async function leadOnBy(
  db: Db,
  { epoch, generation }: { epoch: number; generation: number | null },
): Promise<void> {
  await db
    .insertInto('prefix_leads')
    .values({ epoch, generation })
    .onConflict((conflict) => conflict.column('epoch').doUpdateSet({ generation }))
    .execute();
}

/** Reads what the versions after `from`, up to `to`, changed; undefined where one was made anew, or is not there. */
export async function changesBetween(
  db: Db,
  { epoch, from, to }: { epoch: number; from: number; to: number },
): Promise<SetChanges[] | undefined> {
  const rows = await db
    .selectFrom('prefix_versions')
    .select(['added', 'removed'])
    .where('epoch', '=', epoch)
    .where('version', '>', from)
    .where('version', '<=', to)
    .orderBy('version')
    .execute();
  const changes = rows.flatMap(({ added, removed }) =>
    added && removed ? { added: unpackPrefixes(added), removed: unpackPrefixes(removed) } : [],
  );
  return changes.length === to - from ? changes : undefined;
}

/** A full set, as files have it. */
export interface Snapshot {
  readonly version: number;
  readonly sha256: Uint8Array;
  readonly bytes: Uint8Array;
}

const newestSnapshots = (db: Db, { epoch, upTo }: { epoch: number; upTo: number }) =>
  db
    .selectFrom('prefix_snapshots')
    .where('epoch', '=', epoch)
    .where('version', '<=', upTo)
    .orderBy('version', 'desc')
    .limit(1);

/** The newest snapshot up to a version. */
export const findSnapshot = (
  db: Db,
  query: { epoch: number; upTo: number },
): Promise<Snapshot | undefined> =>
  newestSnapshots(db, query).select(['version', 'sha256', 'bytes']).executeTakeFirst();

/** The same without its bytes. */
export const describeSnapshot = (
  db: Db,
  query: { epoch: number; upTo: number },
): Promise<{ version: number; sha256: Uint8Array; length: number } | undefined> =>
  newestSnapshots(db, query)
    .select(['version', 'sha256', sql<number>`octet_length(bytes)`.as('length')])
    .executeTakeFirst();

/** The bytes of a snapshot by their hash. */
export async function readSnapshot(db: Db, sha256: Uint8Array): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('prefix_snapshots')
    .select('bytes')
    .where('sha256', '=', sha256)
    .limit(1)
    .executeTakeFirst();
  return row?.bytes;
}

/** Reads what came after the newest snapshot; undefined where there is none. */
export async function sinceSnapshot(db: Db, epoch: number): Promise<SinceSnapshot | undefined> {
  const { rows } = await sql<SinceSnapshot>`
    select s.at, (
      select coalesce(sum(octet_length(v.added) + octet_length(v.removed)) / 4, 0)::float8
      from prefix_versions v where v.epoch = s.epoch and v.version > s.version
    ) as changes
    from prefix_snapshots s where s.epoch = ${epoch} order by s.version desc limit 1`.execute(db);
  return rows[0];
}

export async function insertSnapshot(
  db: Db,
  snapshot: Snapshot & { epoch: number; at: Date },
): Promise<void> {
  await db.insertInto('prefix_snapshots').values(snapshot).execute();
}

/** Throws away versions and snapshots a day after nobody is answered from them any more. */
export async function dropOld(db: Db, { now, epoch }: { epoch: number; now: Date }): Promise<void> {
  const before = new Date(now.getTime() - (keptDays + 1) * 86_400_000);
  const newest = sql<number>`(select max(s.version) from prefix_snapshots s where s.epoch = ${epoch})`;
  await sql`delete from prefix_snapshots
    where epoch = ${epoch} and at < ${before} and version < ${newest}`.execute(db);
  await sql`delete from prefix_versions
    where epoch = ${epoch} and as_of < ${before} and version < ${newest}`.execute(db);
}

/** Leaves no number of a version below one that members hold. The set may be one that the database never had. */
export async function raiseVersion(
  db: Db,
  raised: { epoch: number; version: number },
): Promise<void> {
  const unborn = { bits: prefixBits(0), tokens: 0, as_of: new Date(0) };
  await db
    .insertInto('prefix_sets')
    .values({ ...raised, ...unborn })
    .onConflict((conflict) =>
      conflict
        .column('epoch')
        .doUpdateSet({ version: sql<number>`greatest(prefix_sets.version, excluded.version)` }),
    )
    .execute();
}

/** Throws away all that the sets are made of, but for the numbers of their versions. */
export async function dropSets(db: Db): Promise<void> {
  await db.deleteFrom('prefix_snapshots').execute();
  await db.deleteFrom('prefix_versions').execute();
  await db.deleteFrom('prefix_counts').execute();
  await db.deleteFrom('prefix_generations').execute();
  await db.deleteFrom('listed_subjects').execute();
}
