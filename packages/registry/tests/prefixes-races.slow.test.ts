import { toNumericDate } from '@recourse/protocol';
import type { PrefixPublisher } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../src/kernel/connect.ts';
import { startCheckRegistry } from './checks-fixture.ts';
import { after } from './ledger-fixture.ts';
import { Copy, doctorOf, publish, publisherOf, tokenWith } from './prefixes-fixture.ts';
import { day, sqlState, submit, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

async function record(): Promise<{ id: string; token: string }> {
  const token = tokenWith();
  const { id } = await submit(registry, { subjects: [{ token }] });
  return { id, token };
}

/** Versions of the first epoch that are kept. */
async function versions(): Promise<number[]> {
  const rows = await registry.db
    .selectFrom('prefix_versions')
    .select('version')
    .where('epoch', '=', 1)
    .orderBy('version')
    .execute();
  return rows.map(({ version }) => version);
}

const entries = async (): Promise<number[]> =>
  (await registry.pendingEntries())
    .map(
      (entry) => JSON.parse(entry) as { type: string; detail: { epoch: number; version: number } },
    )
    .filter(({ type, detail }) => type === 'prefix-set' && detail.epoch === 1)
    .map(({ detail }) => detail.version);

/** How many of the servers published, all of them trying at once. */
async function publishers(servers: readonly PrefixPublisher[]): Promise<number> {
  const steps = await Promise.all(servers.map((server) => server.step()));
  return steps.filter((step) => step.versions > 0).length;
}

test('of servers that publish at once one does, and no version comes twice', async () => {
  const servers = [1, 2, 3, 4].map(() => publisherOf(registry));
  const records: { id: string; token: string }[] = [];
  const exp = toNumericDate(registry.now()) + 40 * day;
  for (let round = 0; round < 12; round++) {
    records.push(await record());
    if (round % 3 === 2) await withdraw(registry, records[round - 1]!.id);
    registry.advance(10);
    expect(await publishers(servers)).toBeLessThanOrEqual(1);
    // Nothing changed, and both sets are old.
    registry.advance(240);
    expect(await publishers(servers)).toBe(1);
  }
  await submit(registry, { statement: { exp }, subjects: [{ token: tokenWith() }] });
  await publish(registry, servers[0]!);
  // What time takes out has no mark that one of them takes.
  registry.advance(40 * day);
  expect(await publishers(servers)).toBe(1);
  const published = await entries();
  expect(published).toEqual(published.map((_, i) => i + 1));
  expect((await versions()).at(-1)).toBe(published.at(-1));
  const copy = await new Copy(registry).sync();
  const ended = (i: number): boolean => i % 3 === 1 && i < 11;
  expect(records.map(({ token }) => copy.has(token))).toEqual(records.map((_, i) => !ended(i)));
  expect(await doctorOf(registry)).toEqual([]);
}, 120_000);

test('a server that loses its database at any statement leaves all of it to the next', async () => {
  const url = registry.url;
  let statements = 0;
  for (let n = 1; ; n++) {
    const { token } = await record();
    registry.advance(10);
    const before = await versions();
    const own = connect({ url, role: 'recourse_service', connections: 1 });
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(own);
    let isKilled = false;
    const kill = async (): Promise<void> => {
      isKilled = true;
      await sql`select pg_terminate_backend(${rows[0]!.pid}::int)`.execute(registry.db);
    };
    const died = await publisherOf(registry, { db: after(own, n, kill) })
      .step()
      .then(
        () => false,
        () => true,
      );
    await own.destroy().catch(() => undefined);
    if (!isKilled) break;
    statements = n;
    const wrote = (await versions()).length > before.length;
    expect(died && wrote).toBe(false);
    await publish(registry, publisherOf(registry));
    expect((await new Copy(registry).sync()).has(token)).toBe(true);
    expect(await doctorOf(registry)).toEqual([]);
  }
  expect(statements).toBeGreaterThan(10);
}, 240_000);

describe('a server that writes by SQL', () => {
  const version = (row: { epoch?: string; version: string; bits?: number }): string =>
    `insert into prefix_versions (epoch, version, bits, size, checksum, header, as_of)
      values (${row.epoch ?? 1}, ${row.version}, ${row.bits ?? 20}, 1, sha256(''), '', now())`;
  const newest = '(select version from prefix_sets where epoch = 1)';
  const next = 'update prefix_sets set version = version + 1 where epoch = 1';
  const other = version({ version: newest, bits: 21 });

  test.each([
    ['publishes a version before its turn', version({ version: `${newest} + 1` }), '23514'],
    ['publishes one that is past', version({ version: `${newest} - 1` }), '23505'],
    ['publishes one in the place of another', version({ version: newest }), '23505'],
    ['publishes one of another width', `do $$ begin ${next}; ${other}; end $$`, '23514'],
    ['publishes one of no set', version({ epoch: '7', version: '1' }), '23503'],
    ['goes back', 'update prefix_sets set version = version - 1', '23514'],
    ['says that an old set is new', 'update prefix_sets set as_of = now()', '23514'],
    ['changes what was published', "update prefix_versions set header = 'x'", '42501'],
    ['changes a snapshot', "update prefix_snapshots set bytes = 'x'", '42501'],
    [
      'publishes tokens in bulk: prefixes wider than tell one in a hundred',
      'update prefix_sets set version = version + 1, bits = 32',
      '23514',
    ],
    [
      'leads a set on by other counts without a version',
      'insert into prefix_leads values (1, 7) on conflict (epoch) do update set generation = 7',
      '23514',
    ],
    [
      'leads a set on again by counts that were given up',
      'do $$ begin update prefix_leads set generation = null; update prefix_leads set generation = 0; end $$',
      '23514',
    ],
    [
      'makes one set twice at once',
      `insert into prefix_generations (epoch, generation, bits) values (1, 8, 20), (1, 9, 20)`,
      '23505',
    ],
    ['counts less than nothing', 'update prefix_counts set n = -1', '23514'],
    ['publishes other bytes under a hash', snapshotOf("sha256('x')"), '23514'],
  ])('does not: it %s', async (_, statement, refused) => {
    expect(await sqlState(sql.raw(statement).execute(registry.db))).toBe(refused);
  });
});

function snapshotOf(sha256: string): string {
  return `insert into prefix_snapshots (epoch, version, sha256, bytes, at)
    values (1, 1000000, ${sha256}, 'y', now())`;
}
