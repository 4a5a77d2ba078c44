import { LedgerGuard, Sequencer, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  commit,
  drain,
  entriesOf,
  expectWhole,
  waiting,
  openLedger,
  type LedgerDatabase,
} from './ledger-fixture.ts';

// The sequencer reads its queue from a place on, and not what was taken. Whatever commits late is taken all the same.

let database: LedgerDatabase;
let db: Db;
let owner: Db;
beforeAll(async () => {
  database = await openLedger({ connections: 24 });
  ({ db, owner } = database);
});
afterAll(() => database.close());
beforeEach(() => database.empty());

/** Two servers, neither of which takes its first step, which reads the whole queue. */
async function startServers(): Promise<[Sequencer, Sequencer]> {
  const servers: [Sequencer, Sequencer] = [new Sequencer(db), new Sequencer(db)];
  for (const server of servers) expect(await drain(server)).toBe(0);
  return servers;
}

/** Commits and takes some, by servers in turn. */
async function goOn(
  servers: readonly Sequencer[],
  { turns, name }: { turns: number; name: string },
): Promise<string[]> {
  const names: string[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const entries = entriesOf(`${name}-${turn}`, 2);
    await commit(db, entries);
    names.push(...entries);
    expect(await drain(servers[turn % servers.length]!)).toBe(2);
  }
  return names;
}

/** Rows of the queue, dead ones among them, that are behind the place from which it is read. */
async function placeAndNext(): Promise<{ taken: number; next: number }> {
  const { rows } = await sql<{ taken: number; next: number }>`
    select taken, (select last_value + 1 from ${sql.raw(sequence)}) as next
    from ledger_state`.execute(owner);
  return rows[0]!;
}
const sequence = 'ledger_pending_seq_seq';

test('what commits late is taken, however many steps came between, and whoever took them', async () => {
  const servers = await startServers();
  const before = await goOn(servers, { turns: 5, name: 'before' });
  const between = await db.transaction().execute(async (late) => {
    await commit(late, ['late']);
    return goOn(servers, { turns: 9, name: 'between' });
  });
  expect(await drain(servers[1])).toBe(1);
  const after = await goOn(servers, { turns: 3, name: 'after' });
  expect(await expectWhole(db)).toEqual([...before, ...between, 'late', ...after]);
});

test('a number that was drawn, of a row that was not written yet, is waited for', async () => {
  const servers = await startServers();
  const between = await owner.transaction().execute(async (late) => {
    // As an insert begins, before it has an id of a transaction.
    await sql`lock table ledger_pending in row exclusive mode`.execute(late);
    const { rows } = await sql<{ seq: number }>`select nextval(${sequence}) as seq`.execute(late);
    const meanwhile = await goOn(servers, { turns: 9, name: 'between' });
    await sql`insert into ledger_pending (seq, entries, at) overriding system value
      values (${rows[0]!.seq}, '{late}', now())`.execute(late);
    return meanwhile;
  });
  expect(await drain(servers[0])).toBe(1);
  expect(await expectWhole(db)).toEqual([...between, 'late']);
});

test('two servers lose none of 400 commits that overlap, wait and are rolled back', async () => {
  const sequencers = await startServers();
  const arriving = new AbortController();
  const running = sequencers.map(async (sequencer) => {
    while (!arriving.signal.aborted) await sequencer.step();
  });
  const committed: string[] = [];
  const places = Array.from({ length: 400 }, (_, place) => place);
  const writer = async (): Promise<void> => {
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const entries = entriesOf(place, 1 + (place % 3));
      const write = db.transaction().execute(async (trx) => {
        await commit(trx, entries);
        // Some wait over many steps, and some come to nothing.
        if (place % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
        if (place % 7 === 0) throw new Error('rolled back');
      });
      if (await write.then(() => true).catch(() => false)) committed.push(...entries);
    }
  };
  await Promise.all(Array.from({ length: 16 }, writer));
  arriving.abort();
  await Promise.all(running);
  await drain(sequencers[0]);
  expect((await expectWhole(db)).toSorted()).toEqual(committed.toSorted());
  expect(await waiting(db)).toEqual([]);
});

test('a snapshot that somebody holds, and what was rolled back, keep the place nowhere', async () => {
  const servers = await startServers();
  await owner
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (snapshot) => {
      await sql`select count(*) from ledger_pending`.execute(snapshot);
      for (let i = 0; i < 3; i++) {
        const writing = db.transaction().execute(async (trx) => {
          await commit(trx, ['never']);
          throw new Error('rolled back');
        });
        await expect(writing).rejects.toThrow('rolled back');
        await goOn(servers, { turns: 3, name: `${i}` });
      }
      // Of one step alone it is not known yet whether others commit into it.
      const { taken, next } = await placeAndNext();
      expect(next - taken).toBeLessThanOrEqual(2);
    });
});

test('what stands before the place for any other reason is taken by the next process', async () => {
  const entries = await goOn(await startServers(), { turns: 4, name: 'before' });
  await sql`insert into ledger_pending (seq, entries, at) overriding system value
    values (1, '{planted}', now())`.execute(owner);
  const guard = new LedgerGuard();
  await guard.backlog.look(db);
  expect(guard.backlog.isEmpty).toBe(false);
  expect(await drain(new Sequencer(db))).toBe(1);
  expect(await expectWhole(db)).toEqual([...entries, 'planted']);
});

test('more than one step takes moves the place no further than what was taken', async () => {
  const servers = await startServers();
  const rows = Array.from({ length: 5_000 }, (_, i) => ({ entries: [`${i}`], at: new Date() }));
  for (let i = 0; i < rows.length; i += 1_000)
    await db
      .insertInto('ledger_pending')
      .values(rows.slice(i, i + 1_000))
      .execute();
  // Known before any is taken: whoever reads from there on leaves some behind.
  await sql`update ledger_state set seen = 1000000, epoch = epoch + 1`.execute(owner);
  for (let turn = 0; turn < 4; turn++) await servers[turn % 2]!.step();
  expect(await expectWhole(db)).toHaveLength(5_000);
});
