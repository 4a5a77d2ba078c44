import { setTimeout } from 'node:timers/promises';
import { merkleRoot } from '@recourse/ledger';
import { Sequencer, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  commit,
  drain,
  entriesOf,
  expectWhole,
  hex,
  logged,
  waiting,
  openLedger,
  type LedgerDatabase,
} from './ledger-fixture.ts';
import { sqlState } from './sanctions-harness.ts';

let database: LedgerDatabase;
let db: Db;
let owner: Db;
beforeAll(async () => {
  database = await openLedger({ connections: 16 });
  ({ db, owner } = database);
});
afterAll(() => database.close());
beforeEach(() => database.empty());

describe('the place of an entry', () => {
  test('follows the order of the commits, and those of one commit stand together', async () => {
    await commit(db, entriesOf('first', 3));
    await commit(db, entriesOf('second', 2));
    const racing = Array.from({ length: 100 }, (_, i) => entriesOf(i, 1 + (i % 5)));
    await Promise.all(racing.map((entries) => commit(db, entries)));
    await commit(db, entriesOf('last', 2));
    expect(await drain(new Sequencer(db))).toBe(307);
    const entries = await expectWhole(db);
    expect(entries.slice(0, 5)).toEqual([...entriesOf('first', 3), ...entriesOf('second', 2)]);
    expect(entries.slice(-2)).toEqual(entriesOf('last', 2));
    for (const group of racing) {
      const at = entries.indexOf(group[0]!);
      expect(entries.slice(at, at + group.length)).toEqual(group);
    }
  });

  test('is not given before the commit, and one that commits late comes later', async () => {
    const sequencer = new Sequencer(db);
    await db.transaction().execute(async (late) => {
      await commit(late, ['late']);
      await commit(db, ['early']);
      expect(await drain(sequencer)).toBe(1);
    });
    expect(await drain(sequencer)).toBe(1);
    expect(await expectWhole(db)).toEqual(['early', 'late']);
  });

  test.each([1, 255, 256, 257, 512, 2_049])(
    'is under the root of all leaves, in tiles and bundles: %i commits',
    async (count) => {
      const rows = Array.from({ length: count }, (_, i) => ({ entries: [`${i}`], at: new Date() }));
      for (let i = 0; i < count; i += 1_000) {
        await db
          .insertInto('ledger_pending')
          .values(rows.slice(i, i + 1_000))
          .execute();
      }
      expect(await drain(new Sequencer(db))).toBe(count);
      expect(await expectWhole(db)).toHaveLength(count);
    },
  );

  test('is under the root of all leaves with a third level of tiles', async () => {
    await commit(db, entriesOf('a', 65_530));
    const sequencer = new Sequencer(db);
    await drain(sequencer);
    await commit(db, entriesOf('b', 300));
    await drain(sequencer);
    await commit(db, ['c']);
    await drain(new Sequencer(db));
    expect(await expectWhole(db)).toHaveLength(65_831);
  });
});

describe('several servers', () => {
  test('that sequence at once lose no entry of 200 commits and log none twice', async () => {
    const commits = Array.from({ length: 200 }, (_, i) => entriesOf(i, 1 + (i % 3)));
    const added = [0, 0];
    const together = (): number => added[0]! + added[1]!;
    // Whoever is far ahead pauses, so that the other has to take of the second half.
    const running = [0, 1].map(async (i) => {
      const sequencer = new Sequencer(db);
      while (together() < commits.flat().length) {
        if (added[i]! > added[1 - i]! + 40) await setTimeout(1);
        else added[i]! += (await sequencer.step()).added;
      }
    });
    for (const half of [commits.slice(0, 100), commits.slice(100)]) {
      for (let i = 0; i < half.length; i += 8)
        await Promise.all(half.slice(i, i + 8).map((entries) => commit(db, entries)));
      // The second half comes when the first is logged.
      while (together() < commits.slice(0, 100).flat().length) await setTimeout(1);
    }
    await Promise.all(running);
    expect((await expectWhole(db)).toSorted()).toEqual(commits.flat().toSorted());
    expect(await waiting(db)).toEqual([]);
    expect(added.every((n) => n > 0)).toBe(true);
  });

  test('take turns: what one remembers is read anew when the other moved the state', async () => {
    const [a, b] = [new Sequencer(db), new Sequencer(db)];
    for (const [i, sequencer] of [a, b, a, b, b, a, a].entries()) {
      await commit(db, entriesOf(i, 100));
      expect(await drain(sequencer)).toBe(100);
    }
    expect(await expectWhole(db)).toHaveLength(700);
  });

  test('remember nothing of a ledger that was replaced by one of the same size', async () => {
    const sequencer = new Sequencer(db);
    await commit(db, ['replaced']);
    await drain(sequencer);
    await sql`truncate ledger_entries, ledger_tiles, ledger_state`.execute(owner);
    await sql`insert into ledger_state (size, root, epoch) values (0, sha256(''), 1)`.execute(
      owner,
    );
    await commit(db, ['other']);
    await drain(new Sequencer(db));
    await commit(db, ['next']);
    await drain(sequencer);
    expect(await expectWhole(db)).toEqual(['other', 'next']);
  });

  test('do not wait for one that has the state', async () => {
    await commit(db, ['a']);
    await db.transaction().execute(async (other) => {
      await sql`select from ledger_state for update`.execute(other);
      expect(await new Sequencer(db).step()).toEqual({ added: 0, more: false });
    });
    expect(await new Sequencer(db).step()).toEqual({ added: 1, more: false });
  });
});

describe('a step that fails', () => {
  test('leaves everything waiting, and the next one logs it', async () => {
    const sequencer = new Sequencer(db);
    await commit(db, entriesOf('before', 3));
    await drain(sequencer);
    const stray = { index: 4, leaf: Buffer.alloc(32), entry: 'stray' };
    await owner.insertInto('ledger_entries').values(stray).execute();
    await commit(db, entriesOf('after', 3));
    expect(await sqlState(sequencer.step())).toBe('23505');
    expect(await waiting(db)).toEqual(entriesOf('after', 3));
    expect(await db.selectFrom('ledger_state').select(['size', 'epoch']).execute()).toEqual([
      { size: 3, epoch: 1 },
    ]);
    await owner.deleteFrom('ledger_entries').where('index', '=', 4).execute();
    expect(await drain(sequencer)).toBe(3);
    expect(await expectWhole(db)).toHaveLength(6);
  });

  test('at its commit is not remembered', async () => {
    const sequencer = new Sequencer(db);
    await commit(db, ['never']);
    await sql`create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'refused' using errcode = 'P0001'; end $$`.execute(owner);
    await sql`create constraint trigger refused after insert on ledger_entries
      deferrable initially deferred for each row execute function refuse()`.execute(owner);
    expect(await sqlState(sequencer.step())).toBe('P0001');
    await sql`drop function refuse cascade`.execute(owner);
    expect(await waiting(db)).toEqual(['never']);
    // Another of the same size comes first.
    await sql`delete from ledger_pending`.execute(owner);
    await commit(db, ['other']);
    await drain(new Sequencer(db));
    await commit(db, ['next']);
    await drain(sequencer);
    expect(await expectWhole(db)).toEqual(['other', 'next']);
  });

  test.each([
    [
      'a byte of the edge',
      `update ledger_tiles set hashes = set_byte(hashes, 40, 255 - get_byte(hashes, 40))`,
    ],
    ['an edge that is gone', `delete from ledger_tiles`],
  ])('because of %s says so and logs nothing', async (_, damage) => {
    await commit(db, entriesOf('a', 5));
    await drain(new Sequencer(db));
    await sql`alter table ledger_tiles disable trigger all`.execute(owner);
    await sql.raw(damage).execute(owner);
    await sql`alter table ledger_tiles enable trigger all`.execute(owner);
    await commit(db, ['b']);
    await expect(new Sequencer(db).step()).rejects.toMatchObject({ code: 'tiles-differ' });
    expect(await logged(db)).toEqual(entriesOf('a', 5));
    expect(await waiting(db)).toEqual(['b']);
  });
});

test('an empty ledger has the root of no leaves', async () => {
  expect(await new Sequencer(db).step()).toEqual({ added: 0, more: false });
  const { root } = await db.selectFrom('ledger_state').selectAll().executeTakeFirstOrThrow();
  expect(hex(root)).toBe(hex(merkleRoot([])));
});

test('a connection that is lost while tiles are read is no fault of the log', async () => {
  await commit(db, entriesOf('first', 3));
  await drain(new Sequencer(db));
  await commit(db, ['more']);
  const cut = sql<{ cut: boolean }>`
    select pg_terminate_backend(pid) as cut from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  const failed = await owner.transaction().execute(async (trx) => {
    await sql`lock table ledger_tiles`.execute(trx);
    const step = new Sequencer(db).step().then(
      () => 'done',
      ({ name }: Error) => name,
    );
    await expect.poll(async () => (await cut.execute(db)).rows.length).toBe(1);
    return step;
  });
  // A log that is not its own would recover, and wait for somebody to say so.
  expect(failed).toBe('ConnectionError');
  expect(await drain(new Sequencer(db))).toBe(1);
});
