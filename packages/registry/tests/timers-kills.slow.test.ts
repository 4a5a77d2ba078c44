import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { testOrigin, type TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Orders } from './timers-killed.ts';
import { startCheckRegistry } from './checks-fixture.ts';
import { appealed, settleAll } from './due-fixture.ts';
import { days, entriesOf, recallsOf } from './recalls-fixture.ts';

const vaultKey = randomBytes(32);
let registry: TestRegistry;
beforeEach(async () => {
  registry = await startCheckRegistry({ vaultKey });
});
afterEach(() => registry.close());

const moduleOf = new URL('timers-killed.ts', import.meta.url).pathname;

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
  'with the record locked': {
    matches: 'for update skip locked',
    when: 'answered',
    isWritten: false,
  },
  'in the middle of a step': { matches: 'insert into recalls', when: 'answered', isWritten: false },
  'before its commit': {
    matches: 'insert into ledger_pending',
    when: 'answered',
    isWritten: false,
  },
  'after its commit': {
    matches: 'superseded_by is null and overdue_at is null',
    when: 'before',
    isWritten: true,
  },
} as const;

test.each(Object.entries(points))('a server killed %s: one effect', async (_name, point) => {
  const { isWritten, ...where } = point;
  const id = await appealed(registry, { evidence: 7 });
  registry.advance(8 * days);
  await killed(where);
  expect(await recallsOf(registry, id)).toHaveLength(isWritten ? 1 : 0);

  // PostgreSQL takes a moment to see that the server is gone, and to give back its locks.
  const pauses = async (): Promise<string[]> => {
    await settleAll(registry.services, { timersOnly: true });
    return (await recallsOf(registry, id)).map(({ kind }) => kind);
  };
  await expect.poll(pauses, { timeout: 30_000 }).toEqual(['pause']);
  expect(await entriesOf(registry, 'sanction-suspended')).toHaveLength(1);
  expect(await entriesOf(registry, 'recall-issued')).toHaveLength(1);
});
