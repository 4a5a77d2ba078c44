import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/postgres/embedded-postgres.ts';
import { readConfig, silentLog, startServer } from '../../src/index.ts';
import { freePort } from '../../src/postgres/free-port.ts';
import { chromiumFolder, launchFrom } from '../browser/chromium.ts';
import { Desks } from '../desk/open-desk.ts';
import { TestServer } from '../test-server.ts';

/** Where the owner of the schema reaches the database of a sandbox. */
export interface SandboxDatabase {
  readonly url: string;
  readonly ownerUrl: string;
}

/** Runs something at a sandbox of its own, with a browser, and leaves nothing behind. */
export async function atSandbox(
  run: (desks: Desks, database: SandboxDatabase) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'recourse-sandbox-'));
  const closers: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
  try {
    const database = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') });
    closers.push(() => database.stop());
    const env = {
      RECOURSE_DATA_DIR: dataDir,
      RECOURSE_PORT: String(await freePort()),
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
    };
    const running = await startServer(readConfig(env), silentLog);
    closers.push(() => running.stop());
    const browser = await launchFrom(await chromiumFolder());
    closers.push(() => browser.close());
    await run(new Desks(new TestServer(running, dataDir), browser), database);
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}
