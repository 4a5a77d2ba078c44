import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAppealRegistry } from './appeals-harness.ts';
import { logSeeds } from './doctor-fixture.ts';
import { makeHistory } from './doctor-history.ts';
import { drain } from './ledger-fixture.ts';
import { report } from './report-fixture.ts';
import { Sequencer } from '../src/log/sequencer.ts';
import { keepCounting } from '../src/readers/report/count-log.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';

const pieces = [1, 700, 3, 20, 7, 300];

let registry: TestRegistry;
let recallHours: number;
beforeAll(async () => {
  registry = await startAppealRegistry({ unused: true });
  ({ recallHours } = registry.services.deadlines);
  await logSeeds({ db: registry.db, now: registry.now() });
});
afterAll(() => registry.close());

const keep = (atOnce: number, changed: { recallHours?: number } = {}) =>
  keepCounting(registry.db, { vault: registry.services.vault, recallHours, atOnce, ...changed });

/** The report from what is kept is that of the whole log, as if nothing of it had been counted. */
async function isAsWhole(): Promise<void> {
  const whole = await report(registry, 'delete from report_fold');
  expect(await report(registry)).toEqual({ ...whole, asOf: expect.any(String) });
}

async function kept(): Promise<{ basis: string; size: number; cases: number }> {
  const { rows } = await sql<{ basis: string; size: number; cases: number }>`
    select basis, (place->>'size')::int as size, (select count(*)::int from report_cases) as cases
    from report_fold`.execute(registry.ownerDb);
  return rows[0]!;
}

/** A connection that is lost after so many statements. */
const losing = (after: number): Db => {
  let left = after;
  return registry.db.withPlugin({
    transformQuery: ({ node }) => {
      if (left-- === 0) throw new Error('lost');
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
};

test('counted in uneven pieces beside what goes on, the report is that of the whole log', async () => {
  const acting = new AbortController();
  const beside = (async () => {
    for (let i = 0; !acting.signal.aborted; i++) {
      await keep(pieces[i % pieces.length]!);
      await delay(20);
    }
  })();
  await makeHistory(registry);
  acting.abort();
  await beside;
  expect((await kept()).cases).toBeGreaterThan(10);
  await isAsWhole();

  // What waited has a place now.
  await drain(new Sequencer(registry.db));
  await isAsWhole();
  for (const atOnce of pieces) await keep(atOnce);
  await isAsWhole();
}, 120_000);

test('stopped at any statement, it goes on from the last commit', async () => {
  await sql`delete from report_fold`.execute(registry.ownerDb);
  const counting = { vault: registry.services.vault, recallHours, atOnce: 40 };
  let stops = 0;
  for (let isOver = false; !isOver;) {
    const lost = await keepCounting(losing(12 + stops), counting).catch((error: Error) => error);
    isOver = lost === undefined;
    expect(lost?.message ?? 'lost').toBe('lost');
    stops += isOver ? 0 : 1;
    await isAsWhole();
  }
  expect(stops).toBeGreaterThan(4);
});

test('what a record counted is taken back when its case is erased', async () => {
  const { cases } = await kept();
  registry.advance(400 * 86_400);
  expect((await settleDue(registry.services)).failures).toEqual([]);
  // Erased since it was counted, and then counted as erased.
  await isAsWhole();
  await keep(50);
  await isAsWhole();
  const { comparison } = await report(registry);
  expect(comparison).toMatchObject({ differences: [], unopened: 0 });
  expect(comparison.erasedRecords).toBeGreaterThan(0);
  expect((await kept()).cases).toBe(cases);
});

test.each([
  ['under other deadlines', async () => keep(1_000, { recallHours: recallHours + 1 })],
  [
    'of a log that was another at that place',
    () =>
      sql`update report_fold set place = place || '{"leaf":"00"}'`
        .execute(registry.ownerDb)
        .then(() => keep(1_000)),
  ],
  [
    'of a log that was longer',
    () =>
      sql`update report_fold set place = place || '{"size":1000000}'`
        .execute(registry.ownerDb)
        .then(() => keep(1_000)),
  ],
  [
    'before a recovery',
    () =>
      sql`insert into ledger_recoveries (from_size, applied, counts, faults, finished_at)
        values (1, 1, '{}', '{}', now())`
        .execute(registry.ownerDb)
        .then(() => keep(1_000)),
  ],
  [
    'in another cluster',
    () =>
      sql`update report_fold set place = place || '{"txid":"99999999999"}'`
        .execute(registry.ownerDb)
        .then(() => keep(1_000)),
  ],
])('what was counted %s is counted anew', async (_, change) => {
  await keep(1_000);
  // A figure that nothing says: whoever goes on from it keeps it.
  await sql`insert into report_cells values ('mark', '', '', '2020-01', -1, 1)`.execute(
    registry.ownerDb,
  );
  await keep(1_000);
  const marks = () => sql`select from report_cells where figure = 'mark'`.execute(registry.ownerDb);
  expect((await marks()).rows).toHaveLength(1);
  await change();
  expect((await marks()).rows).toHaveLength(0);
});
