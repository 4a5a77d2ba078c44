import { describe, expect, test } from 'vitest';
import type { DatabaseState } from './database-probe.ts';
import { Readiness, type ReadinessOptions } from './readiness.ts';

const well: DatabaseState = { outcome: 'written', clockOffMs: 0, begunAt: 0 };
const sound = { fault: undefined, late: [], isFolderLost: false, backlog: { isFull: false } };

const open = (options: Partial<ReadinessOptions> = {}): Readiness =>
  new Readiness({
    ledger: sound,
    probe: () => Promise.resolve(well),
    countDue: () => Promise.resolve(0),
    ...options,
  });

const codes = async (readiness: Readiness): Promise<string[]> =>
  (await readiness.reasons()).map(({ code }) => code);

const failing = (why: 'disk-full' | 'database-read-only'): Partial<ReadinessOptions> => ({
  probe: () => Promise.resolve({ outcome: 'failed', why }),
});

describe('a server is not ready', () => {
  test.each<[string, Partial<ReadinessOptions>]>([
    ['disk-full', failing('disk-full')],
    ['database-read-only', failing('database-read-only')],
    ['recovering', { ledger: { ...sound, fault: 'forked', late: ['unsigned'] } }],
    ['log-late', { ledger: { ...sound, backlog: { isFull: true } } }],
    ['log-unprotected', { ledger: { ...sound, late: ['unprotected'] } }],
    ['log-unsigned', { ledger: { ...sound, late: ['unsigned'] } }],
    ['log-unshown', { ledger: { ...sound, late: ['unshown'] } }],
    ['work-late', { countDue: () => Promise.resolve(10_001) }],
    [
      'clock-off',
      { probe: () => Promise.resolve({ outcome: 'written', clockOffMs: 2_001, begunAt: 0 }) },
    ],
  ])('and says %s, and what to do', async (code, options) => {
    const reasons = await open(options).reasons();
    expect(reasons.map((reason) => reason.code)).toEqual([code]);
    expect(reasons[0]?.text).toMatch(/\.$/);
  });

  test('once it was told to stop, whatever its database says', async () => {
    const readiness = open(failing('disk-full'));
    readiness.stop();
    expect(await codes(readiness)).toEqual(['stopping']);
  });

  test('for its shared folder once the log is late by it, and not before', async () => {
    const lost = { ...sound, isFolderLost: true };
    expect(await codes(open({ ledger: lost }))).toEqual([]);
    expect(await codes(open({ ledger: { ...lost, late: ['unsigned'] } }))).toEqual([
      'log-unsigned',
      'folder-unusable',
    ]);
  });

  test('for all reasons at once', async () => {
    const ledger = { ...sound, fault: 'rolled-back', late: ['unshown'] } as const;
    const readiness = open({ ...failing('disk-full'), ledger });
    expect(await codes(readiness)).toEqual(['disk-full', 'recovering']);
  });
});

test('a server is ready within these bounds, and when due work cannot be counted', async () => {
  const probe = () =>
    Promise.resolve({ outcome: 'written', clockOffMs: 2_000, begunAt: 0 } as const);
  expect(await codes(open({ probe, countDue: () => Promise.resolve(10_000) }))).toEqual([]);
  expect(await codes(open({ countDue: () => Promise.reject(new Error('no')) }))).toEqual([]);
});

test('however many probe, the database is written to once a second', async () => {
  let [written, now] = [0, 0];
  const readiness = open({
    probe: () => Promise.resolve(++written).then(() => well),
    now: () => now,
  });
  const probes = () => Promise.all(Array.from({ length: 200 }, () => readiness.reasons()));
  await probes();
  now = 999;
  await probes();
  expect(written).toBe(1);
  now = 1_000;
  await probes();
  expect(written).toBe(2);
});

test('each change is told once, with what was so before, also that the server stops', async () => {
  const changes: (readonly [string, string])[] = [];
  let state: DatabaseState = well;
  let now = 0;
  const readiness = open({
    probe: () => Promise.resolve(state),
    now: () => now,
    onChange: (codesNow, before) => changes.push([codesNow.join(), before?.join() ?? 'starting']),
  });
  const look = async (next: DatabaseState): Promise<void> => {
    state = next;
    now += 1_000;
    await readiness.reasons();
  };
  await look(well);
  await look(well);
  await look({ outcome: 'failed', why: 'database-silent' });
  await look({ outcome: 'failed', why: 'database-silent' });
  await look({ outcome: 'written', clockOffMs: 9_000, begunAt: 0 });
  await look(well);
  readiness.stop();
  await readiness.reasons();
  expect(changes).toEqual([
    ['', 'starting'],
    ['database-silent', ''],
    ['clock-off', 'database-silent'],
    ['', 'clock-off'],
    ['stopping', ''],
  ]);
});

test('a server answers why it is not ready although its work cannot be counted in time', async () => {
  const readiness = open({ countDue: () => new Promise(() => undefined) });
  expect(await codes(readiness)).toEqual([]);
});
