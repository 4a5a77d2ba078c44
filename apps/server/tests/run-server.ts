import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshDatabase, type FreshDatabase, workerPort } from '@recourse/testkit';
import { readConfig, silentLog, startServer, type Log, type RunningServer } from '../src/index.ts';
import { eventually } from './eventually.ts';
import { TestServer } from './test-server.ts';

export { codeOf, TestServer } from './test-server.ts';
export type { HttpAnswer, SandboxParty, SendOptions } from './test-server.ts';

type Environment = Record<string, string>;

/** A data directory and a database for the servers of one test file. */
export class TestHome {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'recourse-server-'));
  readonly database: FreshDatabase;
  readonly #running: Pick<RunningServer, 'stop'>[] = [];

  readonly #makesReports: boolean;

  constructor(database: FreshDatabase, { reports }: { readonly reports: boolean }) {
    this.database = database;
    this.#makesReports = reports;
  }

  async environment(env: Environment = {}): Promise<Environment> {
    return {
      DATABASE_URL: this.database.url,
      DATABASE_OWNER_URL: this.database.ownerUrl,
      RECOURSE_DATA_DIR: this.dataDir,
      RECOURSE_PORT: String(await workerPort()),
      RECOURSE_ORIGIN: 'http://registry.test',
      RECOURSE_CONCURRENCY: '8',
      RECOURSE_DRAIN_SECONDS: '0',
      RECOURSE_START_WAIT_SECONDS: '0',
      ...env,
    };
  }

  async start(
    env: Environment = {},
    options: { log?: Log; args?: string[] } = {},
  ): Promise<TestServer> {
    const config = readConfig(await this.environment(env), options.args);
    const server = await startServer(config, options.log ?? silentLog);
    this.own(server);
    const started = new TestServer(server, this.dataDir);
    if (this.#makesReports) await firstReport(started);
    return started;
  }

  /** What must end before its database goes */
  own(running: Pick<RunningServer, 'stop'>): void {
    this.#running.push(running);
  }

  async close(): Promise<void> {
    for (const server of this.#running) await server.stop();
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** @param of `reports` whether its servers make the report of the day, each in a process of its own */
export async function newHome({ reports = false } = {}): Promise<TestHome> {
  const database = await freshDatabase();
  if (!reports) await barReports(database);
  return new TestHome(database, { reports });
}

/** Due work makes it after the start. */
const firstReport = (server: TestServer): Promise<unknown> =>
  eventually(
    () => server.get('/transparency/report.json'),
    ({ status }) => status === 200,
  );

/** As an attempt that another server is at. */
async function barReports(database: FreshDatabase): Promise<void> {
  await database
    .handles()
    .ownerDb.insertInto('due_failures')
    .values({
      kind: 'report',
      id: 'day',
      failures: 1,
      retry_at: new Date('2999-01-01T00:00:00Z'),
      error: 'begun',
    })
    .execute();
}
