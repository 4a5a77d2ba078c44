import { connect } from '@recourse/registry';
import { sql } from 'kysely';
import { workerPort } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;
let metrics: string;

beforeAll(async () => {
  home = await newHome();
  const port = await workerPort();
  server = await home.start({ RECOURSE_METRICS_PORT: String(port) });
  metrics = `http://127.0.0.1:${port}`;
});
afterAll(() => home.close());

const scrape = async (): Promise<string> => (await fetch(`${metrics}/metrics`)).text();

/** The value of a series, spelled with its labels. */
async function value(series: string): Promise<number> {
  const line = (await scrape()).split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length));
}

test('calls are counted by operation, status and problem, whatever their paths say', async () => {
  const key = server.party('Harbour', 'service');
  expect((await server.call(key, 'sanctions.list', {})).status).toBe(200);
  expect((await server.call(key, 'sanctions.get', { sanction: 'nothing' })).status).toBe(422);
  expect((await server.get('/hostile/7f3a')).status).toBe(404);
  expect((await server.get('/case/hostile7f3a')).status).toBe(404);
  const counted = 'recourse_requests_total{operation=';
  expect(await value(`${counted}"sanctions.list",status="200",code=""}`)).toBe(1);
  expect(await value(`${counted}"sanctions.get",status="422",code="invalid-input"}`)).toBe(1);
  expect(await value(`${counted}"other",status="404",code="not-found"}`)).toBe(1);
  expect(await value(`${counted}"/case",status="404",code="not-found"}`)).toBe(1);
  expect(await value('recourse_request_seconds_count{operation="sanctions.list"}')).toBe(1);
  const text = await scrape();
  for (const secret of ['7f3a', key.party, key.kid]) expect(text).not.toContain(secret);
});

test('queues, pool, log, deadlines and the event loop are measured', async () => {
  expect(await value('recourse_ready')).toBe(1);
  expect(await value('recourse_not_ready{reason="recovering"}')).toBe(0);
  expect(await value('recourse_queue_waiting{queue="calls"}')).toBe(0);
  expect(await value('recourse_queue_refused_total{queue="calls"}')).toBe(0);
  expect(await value('recourse_pool_size')).toBeGreaterThan(8);
  expect(await value('recourse_pool_connections{state="idle"}')).toBeGreaterThan(0);
  expect(await value('recourse_log_entries{state="placed"}')).toBeGreaterThan(10);
  expect(await value('recourse_due{kind="recalls"}')).toBe(0);
  expect(await value('recourse_due_failing{kind="recalls"}')).toBe(0);
  expect(await value('recourse_due_pass_age_seconds{kind="expiries"}')).toBeLessThan(600);
  expect(await value('recourse_witnesses')).toBeGreaterThanOrEqual(0);
  expect(await value('recourse_figures_age_seconds')).toBeLessThan(30);
  expect(await value('recourse_audit_group_reads_count')).toBeGreaterThan(0);
  expect(await value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
});

test('the port of the figures serves them alone, and the port of calls does not', async () => {
  expect((await fetch(`${metrics}/readyz`)).status).toBe(404);
  expect((await fetch(`${metrics}/metrics`, { method: 'POST' })).status).toBe(404);
  expect((await server.get('/metrics')).status).toBe(404);
});

test('while PostgreSQL hangs readiness is collected all the same, before Prometheus gives up', async () => {
  // One that has read no figures yet.
  const port = await workerPort();
  await home.start({ RECOURSE_METRICS_PORT: String(port) });
  const owner = connect({ url: home.database.ownerUrl, connections: 1 });
  const collect = async (): Promise<string> => {
    // Unlike Prometheus, it lets a machine that is busy have twice as long.
    const signal = AbortSignal.timeout(6_000);
    return (await fetch(`http://127.0.0.1:${port}/metrics`, { signal })).text();
  };
  try {
    await owner.transaction().execute(async (trx) => {
      await sql`lock table ledger_state in access exclusive mode`.execute(trx);
      const silent = 'recourse_not_ready{reason="database-silent"} 1';
      let collected = await collect();
      // What was found out a second ago may be told once more.
      if (!collected.includes(silent)) collected = await collect();
      expect(collected).toContain(silent);
    });
  } finally {
    await owner.destroy();
  }
});
