import { jcs, type Entry } from '@recourse/protocol';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { RunningCommand, type Event } from './running-command.ts';
import { calls, StaticLog } from './static-log.ts';

// Each watch is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const dir = mkdtempSync(join(tmpdir(), 'recourse-cli-watch-'));
let log: StaticLog;

beforeAll(async () => {
  log = await StaticLog.start();
});
afterAll(() => {
  log.stop();
  rmSync(dir, { recursive: true });
});

const append = (...entries: readonly Entry[]): void => {
  log.entries = [...log.entries, ...entries];
};

/** It looks every second. */
const watching = (state: string): RunningCommand => {
  const chosen = ['--registry', log.url, '--key', log.key];
  const args = ['--state', join(dir, state), '--every', '1', '--json'];
  return new RunningCommand(['ledger', 'watch', ...chosen, ...args]);
};

const limits = (n: number): Entry => ({
  v: 1,
  type: 'limits',
  at: '2026-03-01T00:00:00Z',
  detail: { submissionsPerDay: n },
});
const tells = (n: number) => (event: Event) =>
  event['event'] === 'entry' && jcs(event['detail']) === jcs({ submissionsPerDay: n });
const isVerified = ({ event }: Event) => event === 'verified';

it('tells each public entry that comes, and goes on where it was stopped', async () => {
  append(calls(), limits(0));
  const first = watching('watch.json');
  expect(await first.until(isVerified)).toMatchObject({ size: 2, new: 0 });
  append(limits(1), calls());
  await first.until((event) => isVerified(event) && event['size'] === 4);
  const events = first.events.map(({ event, index, size }) => [event, index ?? size]);
  expect(events).toEqual([
    ['verified', 2],
    ['entry', 2],
    ['verified', 4],
  ]);
  expect(await first.stop()).toBe(130);

  append(limits(2));
  const second = watching('watch.json');
  expect(await second.until(isVerified)).toMatchObject({ size: 5, new: 1 });
  expect(second.events.filter(tells(2))).toHaveLength(1);
  expect(second.events).toHaveLength(2);
  expect(await second.stop()).toBe(130);
});

it('ends when what is shown contradicts what was shown', async () => {
  const before = log.entries;
  append(calls());
  const watch = watching('fork.json');
  await watch.until(isVerified);
  log.entries = [...before, calls(), calls()];
  expect(await watch.until(({ event }) => event === 'refused')).toMatchObject({ code: 'forked' });
  expect(await watch.closed).toBe(4);
});

it('outlives a registry that does not answer', async () => {
  const watch = watching('down.json');
  await watch.until(isVerified);
  const answering = log.entries;
  log.down = true;
  await watch.until(({ event }) => event === 'unreachable');
  log.down = false;
  log.entries = [...answering, limits(3)];
  await watch.until(tells(3));
  expect(await watch.stop()).toBe(130);
});
