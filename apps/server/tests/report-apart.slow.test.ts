import { connect } from '@recourse/registry';
import { sql } from 'kysely';
import { workerPort } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig, silentLog, startServer, type Log } from '../src/index.ts';
import { newHome, TestServer, type TestHome } from './run-server.ts';

let home: TestHome;
beforeAll(async () => {
  home = await newHome({ reports: true });
});
afterAll(() => home.close());

const patient = { timeout: 120_000 };

async function asOwner<T>(statement: string): Promise<T[]> {
  const owner = connect({ url: home.database.ownerUrl, connections: 1 });
  const { rows } = await sql.raw<T>(statement).execute(owner);
  await owner.destroy();
  return rows;
}

const attempts = () =>
  asOwner<{ error: string; failures: number }>(
    `select error, failures from due_failures where kind = 'report'`,
  );

/** A server whose report runs out of memory: the process needs more before it counts. */
async function startTiny(env: Record<string, string>, log: Log): Promise<TestServer> {
  const config = readConfig(await home.environment(env));
  const server = await startServer({ ...config, reportHeapMb: 8 }, log);
  home.own(server);
  return new TestServer(server, home.dataDir);
}

async function asOf(server: TestServer): Promise<string> {
  const { body } = await server.get('/transparency/report.json');
  return (body as { asOf?: string }).asOf ?? '';
}

/** Resolves when what is due then was looked for. */
async function later(server: TestServer, advanceSeconds: number): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ advanceSeconds });
  expect((await server.post('/sandbox/clock', body, { headers })).status).toBe(200);
}

test('a report that runs out of memory leaves the last one and an alarm, and nobody tries again within the hour', async () => {
  const first = await home.start();
  await expect.poll(() => asOf(first), { timeout: 200_000 }).toMatch(/^20/);
  const yesterday = await asOf(first);
  await first.stop();
  const lines: string[] = [];
  const log = { ...silentLog, warn: (line: string) => lines.push(line) };
  const port = String(await workerPort());
  const server = await startTiny({ RECOURSE_METRICS_PORT: port }, log);
  await later(server, 90_000);
  await expect.poll(attempts, patient).toEqual([{ error: 'report_out_of_memory', failures: 1 }]);
  expect(await asOf(server)).toBe(yesterday);
  expect(lines.filter((line) => line.startsWith('REPORT: '))).toEqual([
    expect.stringContaining('Set RECOURSE_REPORT_HEAP_MB to 16'),
  ]);
  const metrics = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await expect.poll(metrics, patient).toContain('recourse_due_failing{kind="report"} 1');
  expect((await server.get('/.well-known/recourse')).status).toBe(200);

  // Neither the same server nor another one.
  await later(server, 1_800);
  await server.stop();
  const restarted = await home.start();
  await later(restarted, 60);
  expect([await attempts(), await asOf(restarted)]).toMatchObject([[{ failures: 1 }], yesterday]);
  await later(restarted, 1_800);
  await expect.poll(attempts, patient).toEqual([]);
  expect((await asOf(restarted)) > yesterday).toBe(true);
}, 600_000);
