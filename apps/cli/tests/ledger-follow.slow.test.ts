import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { toBase64url, type Entry } from '@recourse/protocol';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { spawnCli } from './sandbox.ts';
import { StaticLog } from './static-log.ts';

// Each mirror is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const dir = mkdtempSync(join(tmpdir(), 'recourse-cli-follow-'));
let log: StaticLog;

beforeAll(async () => {
  log = await StaticLog.start();
});
afterEach(() => {
  log.down = false;
  log.entries = [];
});
afterAll(() => {
  log.stop();
  rmSync(dir, { recursive: true });
});

const calls = (): Entry => ({
  v: 1,
  type: 'calls',
  at: '2026-03-01T00:00:00Z',
  count: 1,
  root: toBase64url(randomBytes(32)),
});
const append = (count: number): void => {
  log.entries = [...log.entries, ...Array.from({ length: count }, calls)];
};

type Event = Readonly<Record<string, unknown>>;

/** A mirror that follows beside the test; it looks every second. */
class Follower {
  readonly child: ChildProcess;
  readonly events: Event[] = [];
  readonly closed: Promise<number | null>;

  constructor(to: string) {
    const args = ['--registry', log.url, '--key', log.key, '--to', join(dir, to)];
    this.child = spawnCli(['ledger', 'mirror', ...args, '--follow', '--json']);
    onTestFinished(() => void this.child.kill('SIGKILL'));
    createInterface(this.child.stdout!).on('line', (line) => {
      this.events.push(JSON.parse(line) as Event);
    });
    this.closed = new Promise((resolve) => this.child.once('close', resolve));
  }

  until(wanted: Event): Promise<void> {
    const isWanted = (event: Event): boolean =>
      Object.entries(wanted).every(([name, value]) => event[name] === value);
    return vi.waitFor(
      () => {
        if (!this.events.some(isWanted)) throw new Error(JSON.stringify(this.events));
      },
      { timeout: 60_000, interval: 50 },
    );
  }
}

const sizeIn = (to: string): number =>
  Number(readFileSync(join(dir, to, 'ledger/checkpoint'), 'utf8').split('\n')[1]);

it('copies each checkpoint within seconds, and goes on where it was killed', async () => {
  append(300);
  const first = new Follower('copy');
  await first.until({ event: 'mirrored', size: 300, added: 300 });
  append(7);
  const began = performance.now();
  await first.until({ event: 'mirrored', size: 307, added: 7 });
  expect(performance.now() - began).toBeLessThan(30_000);
  first.child.kill('SIGKILL');
  await first.closed;

  append(3);
  const second = new Follower('copy');
  await second.until({ event: 'mirrored', size: 310, added: 3 });
  expect(sizeIn('copy')).toBe(310);
  second.child.kill('SIGTERM');
  expect(await second.closed).toBe(130);
});

it('waits for a registry that is away, also at its start', async () => {
  append(2);
  log.down = true;
  const follower = new Follower('away');
  await follower.until({ event: 'unreachable', code: 'registry-unreachable' });
  log.down = false;
  await follower.until({ event: 'mirrored', size: 2 });
  expect(follower.events).toHaveLength(2);
});

it('ends with the exit code of verify when the log contradicts the copy, and keeps the copy', async () => {
  append(9);
  const before = log.entries;
  const follower = new Follower('forked');
  await follower.until({ event: 'mirrored', size: 9 });
  log.entries = [...before.slice(0, 8), calls(), calls()];
  await follower.until({ event: 'refused', code: 'forked' });
  expect(await follower.closed).toBe(4);
  expect(sizeIn('forked')).toBe(9);
});
