import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { logInto } from './log-into.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

vi.setConfig({ testTimeout: 300_000 });

/** Of coreutils */
const program = 'mkfifo';

let home: TestHome;
let server: TestServer;
let folder: string;
const lines: string[] = [];
const linesOf = (word: string): string[] => lines.filter((line) => line.startsWith(word));

beforeAll(async () => {
  home = await newHome();
  folder = join(home.dataDir, 'shared');
  mkdirSync(folder, { mode: 0o700 });
  server = await home.start({ RECOURSE_CHECKPOINTS_DIR: folder }, { log: logInto(lines) });
});
afterAll(() => home.close());

interface Readyz {
  reasons: { code: string; text: string }[];
}

test('a shared folder that hangs is named, stops calls in half a minute, and no answer hangs with it', async () => {
  const key = server.party('Harbour', 'service');
  const list = async (): Promise<number> => (await server.call(key, 'sanctions.list', {})).status;
  const reasons = async () => ((await server.get('/readyz')).body as Readyz).reasons;
  expect(await list()).toBe(200);
  // Whoever opens it for reading waits for somebody who writes, as on a mount whose server is gone.
  const hung = join(folder, 'checkpoint');
  execFileSync(program, ['-m', '600', hung]);
  try {
    await expect.poll(() => linesOf('FOLDER:').length, { timeout: 60_000 }).toBe(1);
    expect(linesOf('FOLDER:')[0]).toContain(
      `${folder}, the folder in RECOURSE_CHECKPOINTS_DIR, does not answer`,
    );
    await list();
    const codes = async (): Promise<string[]> => (await reasons()).map(({ code }) => code);
    await expect.poll(codes, { timeout: 120_000 }).toContain('folder-unusable');
    const named = (await reasons()).find(({ code }) => code === 'folder-unusable');
    expect(named?.text).toContain('RECOURSE_CHECKPOINTS_DIR');
    expect(await list()).toBe(503);
    // Signatures and files go on: the folder holds one thread of four.
    expect((await server.get('/ledger/checkpoint')).status).toBe(200);
  } finally {
    const writing = await open(hung, 'w');
    rmSync(hung);
    await writing.writeFile(readFileSync(join(home.dataDir, 'checkpoint')));
    await writing.close();
  }
  await expect.poll(reasons, { timeout: 60_000 }).toEqual([]);
  expect(await list()).toBe(200);
  expect(linesOf('FOLDER:').at(-1)).toBe(`FOLDER: ${folder} can be used again.`);
});
