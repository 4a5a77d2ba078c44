import { leafHash, merkleRoot, type NoteSigner } from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';
import { compareLedger, connect, Sequencer, signCheckpoint, type Db } from '@recourse/registry';
import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  after,
  commit,
  drain,
  entriesOf,
  expectWhole,
  faultOf,
  hex,
  keeping,
  newSigner,
  noteOf,
  opened,
  signing,
} from './ledger-fixture.ts';

let database: FreshDatabase;
let db: Db;
let owner: Db;
let signer: NoteSigner;
/** Of 300 entries; ten more are logged after it. */
let signed: string;
beforeEach(async () => {
  database = await freshDatabase();
  db = connect({ url: database.url, role: 'recourse_service', connections: 4 });
  owner = connect({ url: database.ownerUrl, connections: 2 });
  signer = await newSigner();
  await log('a', 300);
  signed = (await signing(db, signer))!.note;
  await log('b', 10);
});
afterEach(async () => {
  await db.destroy();
  await owner.destroy();
  await database.drop();
});

const log = async (name: string, count: number): Promise<void> => {
  await commit(db, entriesOf(name, count));
  await drain(new Sequencer(db));
};
const rootOf = (entries: readonly string[]) => merkleRoot(entries.map((e) => leafHash(utf8(e))));
const compare = (...outside: string[]) => faultOf(compareLedger(db, { signer, outside }));
const checkpoints = async (): Promise<number[]> =>
  (await db.selectFrom('ledger_checkpoints').select('size').orderBy('size').execute()).map(
    ({ size }) => size,
  );

/** The owner is bound by no trigger once it is off. */
async function asOwner(...statements: string[]): Promise<void> {
  const tables = ['ledger_tiles', 'ledger_state'];
  const all = [
    ...tables.map((table) => `alter table ${table} disable trigger all`),
    ...statements,
    ...tables.map((table) => `alter table ${table} enable trigger all`),
  ];
  for (const statement of all) await sql.raw(statement).execute(owner);
}

/** One server after the other: nothing is remembered, and nothing may be signed. */
async function expectNothingSigned(code: string): Promise<void> {
  const notes: string[] = [];
  const before = await checkpoints();
  expect(await faultOf(signing(db, signer, notes))).toBe(code);
  expect(notes).toEqual([]);
  expect(await checkpoints()).toEqual(before);
}

describe('a checkpoint', () => {
  test('states the root of all entries that are logged, and none comes without more of them', async () => {
    const notes: string[] = [];
    await signing(db, signer, notes);
    const root = hex(rootOf(await expectWhole(db)));
    expect(await opened(notes[0]!, signer)).toEqual({ size: 310, root });
    expect(await signing(db, signer, notes)).toBeUndefined();
    expect([notes.length, await checkpoints()]).toEqual([1, [300, 310]]);
    expect(await compare(signed, ...notes)).toBe('sound');
  });

  test('does not cover what is not committed yet', async () => {
    await signing(db, signer);
    await commit(db, ['uncommitted']);
    let seen: unknown = 'not asked';
    const sequencing = after(db, 3, async () => {
      seen = await signing(db, signer);
    });
    expect(await drain(new Sequencer(sequencing))).toBe(1);
    expect(seen).toBeUndefined();
    expect((await signing(db, signer))?.size).toBe(311);
  });

  test('is kept outside before it is in the database', async () => {
    let then: number[] = [];
    const keep = async (): Promise<void> => {
      then = await checkpoints();
    };
    await signCheckpoint({ db, signer, now: new Date(), outside: keeping(keep) });
    expect([then, await checkpoints()]).toEqual([[300], [300, 310]]);
  });

  test('that was kept before a crash is agreed with at the next start, and more follows it', async () => {
    const notes: string[] = [];
    const keep = async (note: string): Promise<void> => {
      notes.push(note);
      throw new Error('crash');
    };
    const crash = signCheckpoint({ db, signer, now: new Date(), outside: keeping(keep) });
    await expect(crash).rejects.toThrow('crash');
    expect(await checkpoints()).toEqual([300]);
    expect(await compare(...notes)).toBe('sound');
    await log('c', 5);
    expect(await compare(...notes)).toBe('sound');
    expect((await signing(db, signer))?.size).toBe(315);
  });

  test('is not kept when another server has signed a larger tree meanwhile', async () => {
    const notes: string[] = [];
    const slow = after(db, 1, async () => {
      await log('c', 5);
      await signing(db, signer);
    });
    await signing(slow, signer, notes);
    const [newest] = (await checkpoints()).toReversed();
    expect(newest).toBe(315);
    for (const note of notes) expect((await opened(note, signer)).size).toBe(315);
  });

  test('is one where two servers sign at once', async () => {
    const notes: string[] = [];
    await Promise.all([signing(db, signer, notes), signing(db, signer, notes)]);
    expect([new Set(notes).size, await checkpoints()]).toEqual([1, [300, 310]]);
  });
});

const flip = (at: number): string =>
  `hashes = set_byte(hashes, ${at}, 255 - get_byte(hashes, ${at}))`;

describe('what the owner of the database changed is not signed', () => {
  test.each([
    [
      'a byte of a tile, signed before',
      `update ledger_tiles set ${flip(64)} where level = 0 and index = 1`,
      'forked',
    ],
    [
      'a byte of a tile, not signed yet',
      `update ledger_tiles set ${flip(32 * 50)} where level = 0 and index = 1`,
      'tiles-differ',
    ],
    ['a byte of a tile above', `update ledger_tiles set ${flip(0)} where level = 1`, 'forked'],
    [
      'a tile that is shorter',
      `update ledger_tiles set hashes = substring(hashes for 32) where level = 0 and index = 1`,
      'tiles-differ',
    ],
    [
      'a row of tiles that is gone',
      `delete from ledger_tiles where level = 0 and index = 1`,
      'tiles-differ',
    ],
    ['another root in the state', `update ledger_state set root = sha256('a')`, 'tiles-differ'],
    ['the state moved back', `update ledger_state set size = 299`, 'rolled-back'],
    [
      'an empty ledger with its checkpoint',
      `update ledger_state set size = 0, root = sha256('')`,
      'rolled-back',
    ],
  ])('%s', async (_, statement, code) => {
    await asOwner(statement);
    expect(await compare()).toBe(code);
    await expectNothingSigned(code);
  });

  test.each([
    ['another key', () => newSigner(), 'checkpoint-replaced'],
    [
      'another log',
      async () => ({ ...signer, key: { ...signer.key, name: 'other.test/ledger' } }),
      'checkpoint-replaced',
    ],
  ])('a checkpoint replaced by one of %s', async (_, by, code) => {
    const root = rootOf(entriesOf('a', 300));
    const note = await noteOf({ size: 300, root }, await by());
    await owner.updateTable('ledger_checkpoints').set({ note }).execute();
    expect(await compare()).toBe(code);
    await expectNothingSigned(code);
  });

  test('a checkpoint of another tree by the key of the log', async () => {
    const note = await noteOf({ size: 300, root: rootOf(entriesOf('x', 300)) }, signer);
    await owner.updateTable('ledger_checkpoints').set({ note }).execute();
    expect(await compare()).toBe('forked');
    await expectNothingSigned('forked');
  });

  test('a copy outside that is no checkpoint', async () => {
    expect(await compare('')).toBe('checkpoint-replaced');
    expect(await compare(signed.replace('300', '301'))).toBe('checkpoint-replaced');
  });
});

describe('an old copy of the database', () => {
  /** The ledger as it was at 300 entries, whole in itself. */
  async function restore(): Promise<string> {
    const newest = (await signing(db, signer))!.note;
    const root = hex(rootOf(entriesOf('a', 300)));
    await asOwner(
      `delete from ledger_served where size > 300`,
      `delete from ledger_checkpoints where size > 300`,
      `delete from ledger_entries where index >= 300`,
      `update ledger_tiles set hashes = substring(hashes for 44 * 32) where level = 0 and index = 1`,
      `update ledger_state set size = 300, root = decode('${root}', 'hex'), epoch = 1`,
    );
    await expectWhole(db);
    return newest;
  }

  test('is whole in itself and told by the copy outside', async () => {
    const newest = await restore();
    expect(await compare()).toBe('sound');
    expect(await compare(signed)).toBe('sound');
    expect(await compare(newest)).toBe('rolled-back');
  });

  test('that went on differently is another history', async () => {
    const newest = await restore();
    await log('other', 10);
    expect(await compare(newest)).toBe('forked');
    await log('more', 10);
    expect(await compare(newest)).toBe('forked');
  });

  test('that went on in the same way is not', async () => {
    const newest = await restore();
    await log('b', 10);
    expect(await compare(newest)).toBe('sound');
  });
});
