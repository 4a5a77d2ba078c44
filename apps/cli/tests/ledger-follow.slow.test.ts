import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { RunningCommand, type Event } from './running-command.ts';
import { calls, StaticLog } from './static-log.ts';

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

const append = (count: number): void => {
  log.entries = [...log.entries, ...Array.from({ length: count }, calls)];
};

/** A mirror that looks every second. */
const following = (to: string): RunningCommand => {
  const args = ['--registry', log.url, '--key', log.key, '--to', join(dir, to)];
  return new RunningCommand(['ledger', 'mirror', ...args, '--follow', '--json']);
};

const says =
  (wanted: Event) =>
  (event: Event): boolean =>
    Object.entries(wanted).every(([name, value]) => event[name] === value);

const sizeIn = (to: string): number =>
  Number(readFileSync(join(dir, to, 'ledger/checkpoint'), 'utf8').split('\n')[1]);

it('copies each checkpoint within seconds, and goes on where it was killed', async () => {
  append(300);
  const first = following('copy');
  await first.until(says({ event: 'mirrored', size: 300, added: 300 }));
  append(7);
  await first.until(says({ event: 'mirrored', size: 307, added: 7 }));
  first.child.kill('SIGKILL');
  await first.closed;

  append(3);
  const second = following('copy');
  await second.until(says({ event: 'mirrored', size: 310, added: 3 }));
  expect(sizeIn('copy')).toBe(310);
  second.child.kill('SIGTERM');
  expect(await second.closed).toBe(130);
});

it('waits for a registry that is away, also at its start', async () => {
  append(2);
  log.down = true;
  const follower = following('away');
  await follower.until(says({ event: 'unreachable', code: 'registry-unreachable' }));
  log.down = false;
  await follower.until(says({ event: 'mirrored', size: 2 }));
  expect(follower.events).toHaveLength(2);
});

it('ends with the exit code of verify when the log contradicts the copy, and keeps the copy', async () => {
  append(9);
  const before = log.entries;
  const follower = following('forked');
  await follower.until(says({ event: 'mirrored', size: 9 }));
  log.entries = [...before.slice(0, 8), calls(), calls()];
  await follower.until(says({ event: 'refused', code: 'forked' }));
  expect(await follower.closed).toBe(4);
  expect(sizeIn('forked')).toBe(9);
});
