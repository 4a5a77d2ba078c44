import { sql } from 'kysely';
import type { Tile } from '@recourse/ledger';
import type { Db } from '../kernel/database.ts';

/** The tree as far as it is durable. */
export interface LedgerState {
  readonly size: number;
  readonly root: Uint8Array;
  readonly epoch: number;
}

export const readState = (db: Db): Promise<LedgerState> =>
  db.selectFrom('ledger_state').select(['size', 'root', 'epoch']).executeTakeFirstOrThrow();

/** The state of whoever sequences, with its place in the queue. */
export interface LockedState extends LedgerState {
  /** What waited before it was taken, or never comes */
  readonly taken: number;
  /** All before it was taken, but for what `isWriting` */
  readonly seen: number;
  /** A transaction that may have drawn a number before `seen` is still open */
  readonly isWriting: boolean;
}

/**
 * Transactions that write to the queue, or have drawn a number there and are about to. Each has this lock of the table
 * from before its number until its commit can be seen.
 */
const writersNow = sql`array(select l.virtualtransaction from pg_locks l
  where l.relation = 'ledger_pending'::regclass and l.mode = 'RowExclusiveLock' and l.pid is distinct from pg_backend_pid()
    and l.database = (select d.oid from pg_database d where d.datname = current_database()))`;

/** The state, locked until the commit; none while another server sequences. */
export async function lockState(db: Db): Promise<LockedState | undefined> {
  const { rows } = await sql<LockedState>`
    select size, root, epoch, taken, seen, writers && ${writersNow} as "isWriting"
    from ledger_state for update skip locked`.execute(db);
  return rows[0];
}

export interface TakenCommits {
  /** Entries of all of them, in order */
  readonly entries: readonly string[];
  readonly commits: number;
  readonly last: number;
}

/**
 * Takes what waits from a place on, in order: commits whole, at most so many. What others commit meanwhile is for the
 * next time. The place is read in a statement before.
 */
export async function takePending(
  db: Db,
  { from, limit }: { from: number; limit: number },
): Promise<TakenCommits> {
  const { rows } = await sql<{ seq: number; entries: string[] }>`
    with taken as (
      delete from ledger_pending
      where seq in (select seq from ledger_pending where seq >= ${from} order by seq limit ${limit})
      returning seq, entries
    )
    select seq, entries from taken order by seq`.execute(db);
  const entries = rows.flatMap((row) => row.entries);
  return { entries, commits: rows.length, last: rows.at(-1)?.seq ?? 0 };
}

/**
 * Reads tiles of the log: the first `width` hashes, 32 bytes each; fewer where a tile has fewer, none where it
 * is not there.
 */
export const tilesOf =
  (db: Db) =>
  async (level: number, index: number, width: number): Promise<Uint8Array> => {
    const { rows } = await sql<{ hashes: Uint8Array }>`
      select substring(hashes for ${32 * width}) as hashes from ledger_tiles
      where level = ${level} and index = ${index}`.execute(db);
    return rows[0]?.hashes ?? new Uint8Array();
  };

export interface Growth {
  readonly from: LedgerState;
  readonly to: { readonly size: number; readonly root: Uint8Array };
  /** JCS and leaf hash, in order from `from.size` on */
  readonly entries: readonly { readonly entry: string; readonly leaf: Uint8Array }[];
  readonly tiles: readonly Tile[];
  /** The place in the queue, where something was taken from it */
  readonly queue?: Pick<LockedState, 'taken' | 'seen' | 'isWriting'>;
}

/**
 * Writes entries, tiles and state in one statement. The state is compared and swapped: whoever read another one
 * writes nothing. @returns whether it was written
 */
export async function writeGrowth(
  db: Db,
  { from, to, entries, tiles, queue }: Growth,
): Promise<boolean> {
  const leaves = entries.map(({ leaf }) => hex(leaf));
  const rows = tiles.map(({ level, index, bytes }) => ({ level, index, hashes: hex(bytes) }));
  const written = await sql<{ size: number }>`
    with swapped as (
      update ledger_state set size = ${to.size}, root = decode(${hex(to.root)}, 'hex'), epoch = epoch + 1${queue ? placed(queue) : sql``}
      where size = ${from.size} and epoch = ${from.epoch} returning size
    ), appended as (
      insert into ledger_entries (index, leaf, entry)
      select ${from.size}::bigint + n - 1, decode(leaf, 'hex'), entry
      from unnest(${leaves}::text[], ${entries.map(({ entry }) => entry)}::text[])
        with ordinality as t(leaf, entry, n), swapped
    ), tiled as (
      insert into ledger_tiles (level, index, hashes)
      select level, index, decode(hashes, 'hex')
      from jsonb_to_recordset(${rows}::jsonb) as t(level int, index bigint, hashes text), swapped
      on conflict (level, index) do update set hashes = excluded.hashes
    )
    select size from swapped`.execute(db);
  return written.rows.length === 1;
}

/** While a transaction of before is open, what it waits for stays. */
const placed = ({ taken, seen, isWriting }: NonNullable<Growth['queue']>) =>
  isWriting ? sql`` : sql`, taken = ${taken}, seen = ${seen}, writers = ${writersNow}`;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export interface StoredCheckpoint {
  readonly size: number;
  readonly note: string;
  readonly at: Date;
}

export const newestCheckpoint = (db: Db): Promise<StoredCheckpoint | undefined> =>
  db
    .selectFrom('ledger_checkpoints')
    .selectAll()
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The note of a size, if that was signed. */
export const checkpointOf = async (db: Db, size: number): Promise<string | undefined> =>
  (
    await db
      .selectFrom('ledger_checkpoints')
      .select('note')
      .where('size', '=', size)
      .executeTakeFirst()
  )?.note;

/** A size has one checkpoint: of two servers that sign at once one writes, and both have signed the same. */
export async function insertCheckpoint(db: Db, checkpoint: StoredCheckpoint): Promise<void> {
  await db
    .insertInto('ledger_checkpoints')
    .values({ ...checkpoint })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Entries of one bundle, from `index * 256` on; fewer where there are fewer. */
export async function readEntries(
  db: Db,
  { index, width }: { index: number; width: number },
): Promise<string[]> {
  const first = index * 256;
  const rows = await db
    .selectFrom('ledger_entries')
    .select('entry')
    .where('index', '>=', first)
    .where('index', '<', first + width)
    .orderBy('index')
    .execute();
  return rows.map(({ entry }) => entry);
}

export interface EntryRow {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly entry: string;
}

/** Entries with what the table says of them, from `first` to before `end`. */
export const readBundles = (
  db: Db,
  { first, end }: { first: number; end: number },
): Promise<EntryRow[]> =>
  db
    .selectFrom('ledger_entries')
    .selectAll()
    .where('index', '>=', first)
    .where('index', '<', end)
    .execute();

/** Tiles of the leaves by their index, from `first` to before `end`. */
export async function readTiles(
  db: Db,
  { first, end }: { first: number; end: number },
): Promise<Map<number, Uint8Array>> {
  const rows = await db
    .selectFrom('ledger_tiles')
    .select(['index', 'hashes'])
    .where('level', '=', 0)
    .where('index', '>=', first)
    .where('index', '<', end)
    .execute();
  return new Map(rows.map(({ index, hashes }) => [index, hashes]));
}

/** Where the ledger has a leaf first. */
export async function findLeaf(db: Db, leaf: Uint8Array): Promise<number | undefined> {
  const { rows } = await sql<{ index: number }>`
    select index from ledger_entries where leaf = decode(${hex(leaf)}, 'hex')
    order by index limit 1`.execute(db);
  return rows[0]?.index;
}

/**
 * The oldest commit that waits for the sequencer, and how many there are at most.
 * @param whole also before the place of the sequencer, where nothing should be
 */
export async function readBacklog(
  db: Db,
  { whole }: { whole: boolean },
): Promise<{ oldest: number | null; atMost: number }> {
  const place = whole ? sql`` : sql`where seq >= (select taken from ledger_state)`;
  const { rows } = await sql<{ oldest: number | null; atMost: number }>`
    select min(seq) as oldest, coalesce(max(seq) - min(seq) + 1, 0) as "atMost"
    from ledger_pending ${place}`.execute(db);
  return rows[0] ?? { oldest: null, atMost: 0 };
}
