import { setTimeout as delay } from 'node:timers/promises';
import type { PrefixPublisher } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../src/kernel/connect.ts';
import { startCheckRegistry } from './checks-fixture.ts';
import { after } from './ledger-fixture.ts';
import { Copy, doctorOf, publish, publisherOf, tokenWith } from './prefixes-fixture.ts';
import { recorder } from './prefixes-many.ts';
import { beginAnew, finish, seedListed, stateOf } from './prefixes-rebuild-fixture.ts';
import { day, submit, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startCheckRegistry();
});
afterEach(() => registry.close());

const atOnce = 16;
const server = (): PrefixPublisher => publisherOf(registry, { atOnce });

async function record(): Promise<{ id: string; token: string }> {
  const token = tokenWith();
  const { id } = await submit(registry, { subjects: [{ token }] });
  return { id, token };
}

/** Each epoch has the counts of its set, and nothing waits. */
async function expectDone(): Promise<void> {
  const { counts, open, sets } = await stateOf(registry);
  expect(open).toEqual([]);
  expect(counts).toEqual(
    sets.filter(({ tokens }) => tokens > 0).map(({ epoch, generation }) => ({ epoch, generation })),
  );
  expect(await doctorOf(registry)).toEqual([]);
}

describe('a set of more tokens than one transaction counts', () => {
  test('is made for the first time in many, and shown once it has all', async () => {
    await seedListed(registry, 5 * atOnce);
    const { token } = await record();
    const { versions, steps } = await finish(server());
    // One of each epoch.
    expect(versions).toBe(2);
    expect(steps).toBeGreaterThan(5);
    const copy = await new Copy(registry).sync();
    expect([copy.header!.count, copy.has(token)]).toEqual([5 * atOnce + 1, true]);
    await expectDone();
  });

  test('is published as before until it was made, with all that came and went meanwhile', async () => {
    await seedListed(registry, 5 * atOnce);
    const servers = [server(), server()];
    await publish(registry, servers[0]!);
    const live: { id: string; token: string }[] = [];
    const gone: string[] = [];
    await beginAnew(registry);
    for (let step = 0, more = true; more; step++) {
      live.push(await record());
      // One of those that were counted, or were not yet.
      const [ended] = step % 2 === 1 ? live.splice(step % live.length, 1) : [];
      if (ended) {
        await withdraw(registry, ended.id);
        gone.push(ended.token);
      }
      registry.advance(10);
      ({ more } = await servers[step % 2]!.step());
      // What was made by then is that of all up to its place.
      expect(await doctorOf(registry)).toEqual([]);
      const copy = await new Copy(registry).sync();
      expect(live.map(({ token }) => copy.has(token))).toEqual(live.map(() => true));
      expect(gone.map((token) => copy.has(token))).toEqual(gone.map(() => false));
    }
    expect((await stateOf(registry)).sets[0]!.generation).toBe(1);
    expect(gone.length).toBeGreaterThan(2);
    await expectDone();
  }, 60_000);

  test('is made from all again after a recovery threw its versions away', async () => {
    await seedListed(registry, 5 * atOnce);
    await publish(registry, server());
    const before = (await new Copy(registry).sync()).header!;
    await sql`delete from prefix_snapshots`.execute(registry.ownerDb);
    await sql`delete from prefix_versions`.execute(registry.ownerDb);
    const { token } = await record();
    registry.advance(240);
    expect((await finish(server())).versions).toBeGreaterThan(0);
    const copy = await new Copy(registry).sync();
    expect([copy.header!.count, copy.has(token)]).toEqual([before.count + 1, true]);
    expect(copy.header!.version).toBeGreaterThan(before.version);
    await expectDone();
  });

  test('is made again where somebody wrote into its counts', async () => {
    await seedListed(registry, 5 * atOnce);
    const ended = await record();
    await publish(registry, server());
    await sql`update prefix_counts set n = 0`.execute(registry.ownerDb);
    await withdraw(registry, ended.id);
    expect(await publish(registry, server())).toBeGreaterThan(0);
    expect((await new Copy(registry).sync()).has(ended.token)).toBe(false);
    await expectDone();
  });

  test('is made again where somebody wrote into those that were being made', async () => {
    const ended = await record();
    // Its place comes before theirs.
    registry.advance(day);
    await seedListed(registry, 5 * atOnce);
    await publish(registry, server());
    await beginAnew(registry);
    for (let step = 0; step < 3; step++) await server().step();
    expect((await stateOf(registry)).open).toMatchObject([{ generation: 1, tokens: 3 * atOnce }]);
    await sql`update prefix_counts set n = 0 where generation = 1`.execute(registry.ownerDb);
    expect((await doctorOf(registry)).map(({ table }) => table)).toContain('prefix_counts');
    await withdraw(registry, ended.id);
    await publish(registry, server());
    expect((await new Copy(registry).sync()).has(ended.token)).toBe(false);
    expect((await stateOf(registry)).sets[0]!.generation).toBe(2);
    await expectDone();
  });
});

test('a server that loses its database at any statement while a set is made leaves the rest to the next', async () => {
  await seedListed(registry, 2 * atOnce);
  await publish(registry, server());
  const { url } = registry;
  let statements = 0;
  for (let n = 1; ; n += 3) {
    await beginAnew(registry);
    const { token } = await record();
    registry.advance(10);
    const own = connect({ url, role: 'recourse_service', connections: 1 });
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(own);
    let isKilled = false;
    const kill = async (): Promise<void> => {
      isKilled = true;
      await sql`select pg_terminate_backend(${rows[0]!.pid}::int)`.execute(registry.db);
    };
    await finish(publisherOf(registry, { atOnce, db: after(own, n, kill) })).catch(() => undefined);
    await own.destroy().catch(() => undefined);
    expect(await doctorOf(registry)).toEqual([]);
    await publish(registry, server());
    expect((await new Copy(registry).sync()).has(token)).toBe(true);
    await expectDone();
    if (!isKilled) break;
    statements = n;
  }
  expect(statements).toBeGreaterThan(60);
}, 300_000);

test('servers that make a set at once, beside records and ends, count everything once', async () => {
  await seedListed(registry, 2_000);
  await publish(registry, publisherOf(registry, { atOnce: 100 }));
  const write = await recorder(registry);
  const tokens: string[] = [];
  const ended: string[] = [];
  for (let round = 0; round < 3; round++) {
    await beginAnew(registry);
    const state = { isMade: false };
    const making = async (): Promise<void> => {
      const publisher = publisherOf(registry, { atOnce: 100 });
      try {
        while ((await stateOf(registry)).open.length > 0) {
          if (!(await publisher.step()).more) await delay(20);
        }
      } finally {
        state.isMade = true;
      }
    };
    const recording = async (): Promise<void> => {
      for (let i = 0; i < 40 && !state.isMade; i++, await delay(20))
        tokens.push(...(await write()));
    };
    const ending = async (): Promise<void> => {
      for (let i = 0; i < 10 && !state.isMade; i++) {
        const { id, token } = await record();
        registry.advance(10);
        await withdraw(registry, id);
        registry.advance(10);
        ended.push(token);
      }
    };
    // Each copy that comes out has the checksum of its header, whichever counts it was led on by.
    const reading = async (): Promise<void> => {
      for (const copy = new Copy(registry); !state.isMade; await delay(20)) await copy.sync();
    };
    await Promise.all([making(), making(), making(), recording(), ending(), reading()]);
    await publish(registry, publisherOf(registry, { atOnce: 100 }));
    const copy = await new Copy(registry).sync();
    expect(tokens.filter((token) => !copy.has(token))).toEqual([]);
    expect((await stateOf(registry)).sets[0]!.generation).toBe(round + 1);
    await expectDone();
  }
  expect([tokens.length > 100, ended.length > 3]).toEqual([true, true]);
}, 300_000);

describe('a set that shrinks', () => {
  const many = () => publisherOf(registry, { atOnce: 2_000 });

  /** Ends the time of so many tokens, and publishes. @returns the widths that were published */
  async function shrinkBy(n: number): Promise<number[]> {
    await sql`update listed_subjects set until = '2020-01-01' where sanction in (
      select sanction from listed_subjects order by sanction limit ${n}::int)`.execute(
      registry.ownerDb,
    );
    await publish(registry, many());
    const rows = await registry.db
      .selectFrom('prefix_versions')
      .select('bits')
      .where('epoch', '=', 1)
      .orderBy('version')
      .execute();
    return rows.map(({ bits }) => bits);
  }

  test.each([
    // Of 2^14 tokens it has 21 bits, down to 0.8 of them.
    ['is published with what went until a narrower one is there', 1_900, [21, 21, 20]],
    ['beyond what its width may have is published once a narrower one is there', 4_500, [21, 20]],
  ])('%s', async (_, gone, widths) => {
    await seedListed(registry, 16_500);
    await publish(registry, many());
    expect(await shrinkBy(gone)).toEqual(widths);
    await expectDone();
  });
});

test('before the contract a set is made at once, in the counts that servers of 0.1.0 know', async () => {
  await sql`revoke insert on prefix_generations from recourse_service`.execute(registry.ownerDb);
  await sql`alter table prefix_counts drop constraint prefix_counts_pkey,
    add constraint prefix_counts_pkey primary key (epoch, prefix)`.execute(registry.ownerDb);
  await seedListed(registry, 5 * atOnce);
  const { id, token } = await record();
  expect(await finish(server())).toEqual({ versions: 2, steps: 1 });
  await withdraw(registry, id);
  await publish(registry, server());
  expect((await new Copy(registry).sync()).has(token)).toBe(false);
  expect((await stateOf(registry)).counts).toEqual([{ epoch: 1, generation: 0 }]);
  await expectDone();
});
