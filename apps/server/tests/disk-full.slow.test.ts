import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, workerPort } from '@recourse/testkit';
import { expect, test } from 'vitest';
import { readConfig, startServer } from '../src/index.ts';
import { TestServer } from './test-server.ts';

/** A disk of its own in memory, which takes rights that not every machine gives. */
const disk = mkdtempSync(join(tmpdir(), 'recourse-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300m,mode=755', 'tmpfs', disk]);
const isDisk = mounted.status === 0;

/** @returns why no more fits */
function fill(path: string): unknown {
  const chunk = Buffer.alloc(1024 * 1024);
  for (;;) {
    try {
      appendFileSync(path, chunk);
    } catch (error) {
      return error;
    }
  }
}

test.runIf(isDisk)(
  'where a disk can be made: while it is full a server is not ready, and ready by itself once there is room',
  { timeout: 180_000 },
  async (t) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'recourse-server-'));
    t.onTestFinished(() => {
      execFileSync('umount', ['-l', disk]);
      for (const folder of [disk, dataDir]) rmSync(folder, { recursive: true, force: true });
    });
    const postgres = await startPostgres({ dir: join(disk, 'postgres') });
    t.onTestFinished(() => postgres.stop());
    const config = readConfig({
      DATABASE_URL: postgres.url,
      DATABASE_OWNER_URL: postgres.ownerUrl,
      RECOURSE_DATA_DIR: dataDir,
      RECOURSE_PORT: String(await workerPort()),
    });
    const running = await startServer(config);
    const server = new TestServer(running, dataDir);
    t.onTestFinished(() => server.stop());
    const codes = async (): Promise<string[]> => {
      const { body } = await server.get('/readyz');
      return (body as { reasons: { code: string }[] }).reasons.map(({ code }) => code);
    };
    await expect.poll(codes, { timeout: 60_000 }).toEqual([]);
    const filler = join(disk, 'filler');
    expect(fill(filler)).toMatchObject({ code: 'ENOSPC' });
    await expect.poll(codes, { timeout: 60_000 }).toContain('disk-full');
    rmSync(filler);
    await expect.poll(codes, { timeout: 60_000 }).toEqual([]);
    const key = server.party('Harbour', 'service');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => server.call(key, 'sanctions.list', {})),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  },
);
