import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { testOrigin, type TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alarmsOf, moveAlarms, quiet, ring, upkeep } from './alarms-fixture.ts';
import type { Orders } from './alarms-killed.ts';
import { startCheckRegistry } from './checks-fixture.ts';
import { appealed } from './due-fixture.ts';
import { days, entriesOf, hours, recallsOf } from './recalls-fixture.ts';

const vaultKey = randomBytes(32);
let registry: TestRegistry;
beforeEach(async () => {
  registry = await startCheckRegistry({ vaultKey });
});
afterEach(() => registry.close());

const moduleOf = new URL('alarms-killed.ts', import.meta.url).pathname;

/** Runs a server until it kills itself. */
async function killed(point: Pick<Orders, 'matches' | 'when'>): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=@recourse/source', moduleOf], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const orders: Orders = {
    url: registry.url,
    origin: testOrigin,
    vaultKey: vaultKey.toString('base64'),
    aheadMs: registry.now().getTime() - Date.now(),
    ...point,
  };
  child.stdin.end(JSON.stringify(orders));
  const [code, signal] = await once(child, 'close');
  expect([code, signal]).toEqual([null, 'SIGKILL']);
}

const points = {
  'after the alarm was taken': { matches: 'notice_due_at', when: 'before', isWritten: false },
  'in the middle of a step': { matches: 'insert into recalls', when: 'answered', isWritten: false },
  'before its commit': {
    matches: 'insert into ledger_pending',
    when: 'answered',
    isWritten: false,
  },
  'after its commit, before the alarm is done': {
    matches: 'count.distinct id',
    when: 'before',
    isWritten: true,
  },
} as const;

test.each(Object.entries(points))('a server killed %s: one effect', async (_name, point) => {
  const { isWritten, ...where } = point;
  const id = await appealed(registry, { evidence: 7 });
  registry.advance(8 * days);
  await moveAlarms(registry);
  await killed(where);
  expect(await recallsOf(registry, id)).toHaveLength(isWritten ? 1 : 0);
  expect((await alarmsOf(registry, id)).map(({ state }) => state)).toContain('active');

  // Nobody sweeps: pg-boss hands the alarm out again when it has been in hand for too long.
  registry.advance(hours);
  await moveAlarms(registry);
  await upkeep(registry);
  registry.advance(hours);
  await moveAlarms(registry);
  const ringing = await ring(registry.services);
  await quiet(registry);
  await ringing.stop();
  expect(ringing.runs).toBeGreaterThan(0);
  expect((await recallsOf(registry, id)).map(({ kind }) => kind)).toEqual(['pause']);
  expect(await entriesOf(registry, 'sanction-suspended')).toHaveLength(1);
  expect(await entriesOf(registry, 'recall-issued')).toHaveLength(1);
});
