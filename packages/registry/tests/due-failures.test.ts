import { connect, countFailing, type Services } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFigures } from '../src/readers/figures/read-figures.ts';
import { settleDue, settleKind } from '../src/scheduler/settle-due.ts';
import { timers } from '../src/scheduler/due-kinds.ts';
import { startCheckRegistry } from './checks-fixture.ts';
import { appealed } from './due-fixture.ts';
import { act, days, hours, recallsOf, tell } from './recalls-fixture.ts';
import { withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
let second: Services;
beforeEach(async () => {
  registry = await startCheckRegistry();
  const db = connect({ url: registry.url, role: 'recourse_service', connections: 2 });
  second = { ...registry.services, db };
});
afterEach(async () => {
  await second.db.destroy();
  await registry.close();
});

/** A record with a step that is due and cannot be written, since its key is gone. */
async function broken(): Promise<{ id: string; mend: () => Promise<void> }> {
  const id = await appealed(registry, { evidence: 7 });
  const { ownerDb } = registry;
  const key = await ownerDb
    .deleteFrom('case_keys')
    .where('sanction', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  registry.advance(8 * days);
  const mend = async (): Promise<void> => {
    await ownerDb.insertInto('case_keys').values(key).execute();
  };
  return { id, mend };
}

const failuresOf = (id: string) =>
  registry.db
    .selectFrom('due_failures')
    .select(['kind', 'failures', 'retry_at', 'error'])
    .where('id', '=', id)
    .execute();

const pausesOf = async (id: string): Promise<string[]> =>
  (await recallsOf(registry, id)).map(({ kind }) => kind);

test('what fails is tried again after 30 s, then later and later, at least every hour, for ever', async () => {
  const { id } = await broken();
  const waits: number[] = [];
  for (let n = 1; n <= 10; n++) {
    const { failures } = await settleDue(registry.services);
    expect(failures.map((failure) => failure.id)).toEqual([id]);
    const [row] = await failuresOf(id);
    expect(row).toMatchObject({ kind: 'sanctions', failures: n, error: 'vault-sealed' });
    const wait = Math.round((row!.retry_at.getTime() - registry.now().getTime()) / 1_000);
    waits.push(wait);
    registry.advance(wait - 1);
    const early = await settleKind(registry.services, { kind: 'sanctions' });
    expect(early).toEqual({ settled: 0, failures: [] });
    registry.advance(1);
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
});

test('what can be written again is written, once, and counts as failing no more', async () => {
  const { id, mend } = await broken();
  await settleDue(registry.services);
  expect(await countFailing(registry.db)).toEqual([
    { kind: 'sanctions', error: 'vault-sealed', n: 1, failures: 1 },
  ]);
  await mend();
  registry.advance(30);
  await Promise.all([settleDue(registry.services), settleDue(second)]);
  await settleDue(second);
  expect(await pausesOf(id)).toEqual(['pause']);
  expect(await countFailing(registry.db)).toEqual([]);
});

test('what failed and is due no more counts as failing no more', async () => {
  const { id, mend } = await broken();
  await settleDue(registry.services);
  await mend();
  expect((await withdraw(registry, id)).status).toBe(200);
  registry.advance(hours);
  expect((await settleDue(registry.services)).failures).toEqual([]);
  expect(await countFailing(registry.db)).toEqual([]);
});

test('two servers that fail at once count one failure', async () => {
  const { id } = await broken();
  await Promise.all([settleDue(registry.services), settleDue(second)]);
  expect(await failuresOf(id)).toMatchObject([{ failures: 1 }]);
});

test('what is kept of a failure is its class, and never what it says', async () => {
  const { id } = await broken();
  const faultOf = async (error: unknown): Promise<unknown> => {
    const db = registry.db.withPlugin({
      transformQuery: ({ node }) => {
        if (JSON.stringify(node).includes('for update skip locked')) throw error;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    registry.advance(2 * hours);
    await settleDue({ ...registry.services, db });
    return (await failuresOf(id))[0]?.error;
  };
  expect(await faultOf(new TypeError('jane@example.com'))).toBe('TypeError');
  expect(await faultOf(Object.assign(new Error('no'), { code: '23505' }))).toBe('23505');
  expect(await faultOf(Object.assign(new Error('no'), { code: 'of jane@example.com' }))).toBe(
    'unknown',
  );
  expect(await faultOf('jane@example.com')).toBe('unknown');
});

test('a kind of which nothing can be looked for stops no other, and counts as failing until it can', async () => {
  const { ownerDb, services } = registry;
  const id = await appealed(registry, { evidence: 7 });
  registry.advance(8 * days);
  await sql`revoke execute on function case_news from public`.execute(ownerDb);
  const { failures } = await settleDue(services);
  expect(failures).toMatchObject([{ kind: 'contacts', id: '*', error: { code: '42501' } }]);
  expect(await pausesOf(id)).toEqual(['pause']);
  const failing = { kind: 'contacts', error: '42501', n: 1, failures: 1 };
  expect(await countFailing(registry.db)).toEqual([failing]);
  const { due, failing: counted } = await readFigures(registry.db, {
    now: registry.now(),
    deadlines: services.deadlines,
  });
  expect([due['contacts'], due['sanctions'], counted]).toEqual([undefined, 0, { contacts: 1 }]);
  await sql`grant execute on function case_news to public`.execute(ownerDb);
  expect((await settleDue(services)).failures).toEqual([]);
  expect(await countFailing(registry.db)).toEqual([]);
});

test('each kind has a limit of its own, and a signal ends a pass after the step in hand', async () => {
  const { services } = registry;
  for (let i = 0; i < 3; i++) await appealed(registry, { evidence: 7 });
  registry.advance(8 * days);
  const pass = (options: object) => settleKind(services, { kind: 'sanctions', ...options });
  expect((await settleKind(services, { kind: 'forgetting', limit: 1 })).settled).toBe(1);
  expect((await pass({ signal: AbortSignal.abort() })).settled).toBe(0);
  expect((await pass({ limit: 2 })).settled).toBe(2);
  expect((await pass({})).settled).toBe(1);
});

test('by a clock that is behind, a step is not due, and the server whose clock it is writes it later', async () => {
  const id = await appealed(registry, { evidence: 7 });
  registry.advance(7 * days + 1);
  const behind = { ...second, clock: () => new Date(registry.now().getTime() - 2_000) };
  const { settled } = await settleDue(behind, { timersOnly: true });
  expect([settled, await pausesOf(id)]).toEqual([0, []]);
  registry.advance(1);
  await Promise.all([settleDue(behind), settleDue(registry.services)]);
  expect(await pausesOf(id)).toEqual(['pause']);
});

test('a step that somebody took meanwhile counts as none', async () => {
  const { sanction: id } = await tell(registry);
  let steps: number | undefined;
  await act(registry, id, async (ctx) => {
    steps = await timers['sanctions']!.settle(ctx, { id, limit: 1 });
  });
  expect(steps).toBe(0);
});

test('while nothing is due, a pass is two queries: what fails of the kind, and what is due of it', async () => {
  await appealed(registry, { evidence: 7 });
  const seen: string[] = [];
  const db = registry.db.withPlugin({
    transformQuery: ({ node }) => {
      seen.push('sqlFragments' in node ? String(node.sqlFragments[0]).trim() : node.kind);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await settleDue({ ...registry.services, db }, { timersOnly: true });
  expect(seen).toHaveLength(2 * Object.keys(timers).length);
  for (const query of seen) expect(query).toMatch(/^(SelectQueryNode|select )/);
});

test('a server compiles no statement, and starts no workers for one', async () => {
  const settings = sql<{ jit: string; workers: string }>`
    select current_setting('jit') as jit, current_setting('max_parallel_workers_per_gather') as workers`;
  expect((await settings.execute(registry.db)).rows).toEqual([{ jit: 'off', workers: '0' }]);
});
