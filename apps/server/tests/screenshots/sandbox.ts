import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, silentLog, startServer } from '../../src/index.ts';
import { freePort } from '../../src/postgres/free-port.ts';
import { chromiumFolder, launchFrom } from '../browser/chromium.ts';
import { Desks } from '../desk/open-desk.ts';
import { TestServer } from '../test-server.ts';

/** Runs something at a sandbox of its own, with a browser, and leaves nothing behind. */
export async function atSandbox(run: (desks: Desks) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'recourse-sandbox-'));
  const env = { RECOURSE_DATA_DIR: dataDir, RECOURSE_PORT: String(await freePort()) };
  const running = await startServer(readConfig(env), silentLog);
  const browser = await launchFrom(await chromiumFolder());
  try {
    await run(new Desks(new TestServer(running, dataDir), browser));
  } finally {
    await browser.close();
    await running.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
