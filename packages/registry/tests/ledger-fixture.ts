import {
  encodeCheckpoint,
  leafHash,
  merkleRoot,
  newTiles,
  parseEntryBundle,
  parseTile,
  signNote,
  verifyCheckpoint,
  type NoteSigner,
  type SignatureType,
} from '@recourse/ledger';
import { fromBase64url, generateKey, signerFromJwk, utf8 } from '@recourse/protocol';
import {
  connect,
  insertPending,
  LedgerFault,
  LedgerReader,
  signCheckpoint,
  type Db,
  type OutsideCheckpoints,
  type Sequencer,
} from '@recourse/registry';
import { freshDatabase } from '@recourse/testkit';
import { sql, type KyselyPlugin } from 'kysely';
import { expect } from 'vitest';

export const logName = 'registry.test/ledger';

export const newSigner = (name = logName): Promise<NoteSigner> => newNoteSigner(name, 'ed25519');

export const newWitness = (name: string): Promise<NoteSigner> => newNoteSigner(name, 'cosignature');

async function newNoteSigner(name: string, type: SignatureType): Promise<NoteSigner> {
  const signer = await signerFromJwk(await generateKey());
  const { publicJwk } = signer;
  if (publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  const key = { name, type, publicKey: fromBase64url(publicJwk.x) };
  return { key, sign: (message) => signer.sign(message) };
}

/** A database of its own, whose log is empty. */
export interface LedgerDatabase {
  readonly db: Db;
  readonly owner: Db;
  /** Takes everything out of the log again */
  readonly empty: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openLedger({
  connections,
}: {
  connections: number;
}): Promise<LedgerDatabase> {
  const database = await freshDatabase();
  const db = connect({ url: database.url, role: 'recourse_service', connections });
  const owner = connect({ url: database.ownerUrl, connections: 2 });
  const empty = async (): Promise<void> => {
    await sql`truncate ledger_pending, ledger_entries, ledger_tiles`.execute(owner);
    await sql`delete from ledger_state`.execute(owner);
    await sql`insert into ledger_state (size, root, epoch) values (0, sha256(''), 0)`.execute(
      owner,
    );
  };
  const close = async (): Promise<void> => {
    await db.destroy();
    await owner.destroy();
    await database.drop();
  };
  return { db, owner, empty, close };
}

/** Entries of one commit, `<commit>.<position>`. */
export const entriesOf = (commit: string | number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${commit}.${i}`);

export const commit = (db: Db, entries: readonly string[]): Promise<void> =>
  insertPending(db, entries, new Date());

/** Steps until nothing waits. @returns how many got an index */
export async function drain(sequencer: Sequencer): Promise<number> {
  for (let sum = 0; ;) {
    const { added, more } = await sequencer.step();
    sum += added;
    if (!more) return sum;
  }
}

export const logged = async (db: Db): Promise<string[]> =>
  (await db.selectFrom('ledger_entries').select('entry').orderBy('index').execute()).map(
    ({ entry }) => entry,
  );

export const waiting = async (db: Db): Promise<string[]> =>
  (await db.selectFrom('ledger_pending').select('entries').orderBy('seq').execute()).flatMap(
    ({ entries }) => entries,
  );

/** Makes everything anew from the entries: indexes, leaves, every tile, every bundle and the root. */
export async function expectWhole(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('ledger_entries').selectAll().orderBy('index').execute();
  const leaves = rows.map(({ entry }) => leafHash(utf8(entry)));
  expect(rows.map(({ index }) => index)).toEqual(rows.map((_, i) => i));
  expect(Buffer.concat(rows.map(({ leaf }) => leaf)).equals(Buffer.concat(leaves))).toBe(true);
  const state = await db.selectFrom('ledger_state').selectAll().executeTakeFirstOrThrow();
  expect(state.size).toBe(rows.length);
  expect(hex(state.root)).toBe(hex(merkleRoot(leaves)));
  await expectTiles(db, leaves);
  await expectBundles(
    db,
    rows.map(({ entry }) => entry),
  );
  return rows.map(({ entry }) => entry);
}

async function expectTiles(db: Db, leaves: readonly Uint8Array[]): Promise<void> {
  const reader = new LedgerReader(db);
  const levels: Uint8Array[][] = [[...leaves]];
  let tiles = 0;
  for (const id of newTiles(0, leaves.length)) {
    const hashes = parseTile((await reader.tile(id)) ?? new Uint8Array(), id.width);
    const expected = levels[id.level]?.slice(id.index * 256, id.index * 256 + id.width) ?? [];
    expect(hex(Buffer.concat(hashes))).toBe(hex(Buffer.concat(expected)));
    if (id.width === 256) (levels[id.level + 1] ??= []).push(merkleRoot(expected));
    tiles++;
  }
  const { rows } = await sql<{ n: number }>`select count(*)::int n from ledger_tiles`.execute(db);
  expect(rows[0]?.n).toBe(tiles);
}

async function expectBundles(db: Db, entries: readonly string[]): Promise<void> {
  const reader = new LedgerReader(db);
  for (let index = 0; index * 256 < entries.length; index++) {
    const expected = entries.slice(index * 256, index * 256 + 256);
    const bundle = await reader.bundle({ index, width: expected.length });
    const found = parseEntryBundle(bundle ?? new Uint8Array(), expected.length);
    expect(found.map((entry) => Buffer.from(entry).toString())).toEqual(expected);
  }
}

/** Size and root that a note states under a key. */
export async function opened(note: string, { key }: NoteSigner) {
  const policy = { log: key, witnesses: [], threshold: 0 };
  const { size, root } = (await verifyCheckpoint(note, policy)).checkpoint;
  return { size, root: hex(root) };
}

export const noteOf = (tree: { size: number; root: Uint8Array }, signer: NoteSigner) =>
  signNote(encodeCheckpoint({ origin: signer.key.name, extensions: [], ...tree }), [signer]);

/** Signs, and keeps what was signed in `kept`. */
export const signing = (db: Db, signer: NoteSigner, notes: string[] = []) =>
  signCheckpoint({
    db,
    signer,
    now: new Date(),
    outside: keeping(async (note) => {
      notes.push(note);
    }),
  });

/** Nothing is known outside but what a test looks at. */
export const keeping = (keep: (note: string) => Promise<void>): OutsideCheckpoints => ({
  read: async () => [],
  keep: (note) => keep(note).then(() => true),
});

/** The code that a check of the ledger fails with, `sound` when it does not. */
export async function faultOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'sound';
  } catch (error) {
    if (error instanceof LedgerFault) return error.code;
    throw error;
  }
}

/** The same database, with something that happens once, after its nth statement from now. */
export function after(db: Db, n: number, happen: () => Promise<void>): Db {
  let done = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (++done === n) await happen();
      return result;
    },
  };
  return db.withPlugin(plugin);
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
