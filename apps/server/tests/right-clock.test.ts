import { generateKey, Problem, signerFromJwk } from '@recourse/protocol';
import { buildSubmission, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../src/log.ts';
import { openDueWork } from '../src/open-due-work.ts';
import { PrefixWork } from '../src/prefixes/prefix-work.ts';
import { RightClock } from '../src/right-clock.ts';
import { logInto } from './log-into.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

/** A clock of this process that is off by so much, and what it says. */
function clockOff(ms: number) {
  const lines: string[] = [];
  const log = logInto(lines);
  const by = { off: ms };
  const wallClock = () => Date.now() + by.off;
  return {
    clock: new RightClock({ db: registry.db, wallClock, log, ledger: registry.services.ledger }),
    said: lines,
    by,
  };
}

const noReport = () => Promise.reject(new Error('nobody counts here'));

const ended = async (): Promise<number> =>
  (await registry.pendingEntries()).filter((entry) => entry.includes('"sanction-ended"')).length;

test('a server whose clock has jumped ends no record, and does so once its clock is right again', async () => {
  const { service, trust } = registry.parties.harbour;
  const submission = await buildSubmission({
    signedBy: trust,
    audience: registry.services.origin,
    now: registry.now(),
  });
  expect((await registry.call(service, 'sanctions.submit', submission)).status).toBe(200);
  // Nobody was told of the record within seven days.
  registry.advance(8 * 86_400);
  const { clock, said, by } = clockOff(-9_000);
  const due = openDueWork(registry.services, {
    log: silentLog,
    countReport: noReport,
    clock,
  });
  await due.run();
  await due.run();
  expect([await ended(), said.length, said[0]?.slice(0, 6)]).toEqual([0, 1, 'CLOCK:']);
  by.off = 0;
  await due.run();
  await due.stop();
  expect([await ended(), said.length]).toEqual([1, 2]);
});

test('a server whose clock has jumped publishes no prefix set', async () => {
  const versions = async (): Promise<number> =>
    (await registry.db.selectFrom('prefix_versions').select('version').execute()).length;
  const signer = await signerFromJwk(await generateKey());
  const onFailure = (error: unknown): void => {
    throw error;
  };
  const publish = async (off: number): Promise<void> => {
    const { clock } = clockOff(off);
    const work = new PrefixWork({ services: registry.services, signer, onFailure, clock });
    await work.start();
    await work.stop();
  };
  const before = await versions();
  await publish(9_000);
  expect(await versions()).toBe(before);
  await publish(0);
  expect(await versions()).toBeGreaterThan(before);
});

test('a measurement that began before the newest says nothing, however late it comes', () => {
  const { ledger } = registry.services;
  const { clock, said } = clockOff(0);
  const note = (begunAt: number, clockOffMs: number): boolean =>
    clock.note({ begunAt, clockOffMs });
  expect([note(2, 0), note(1, 9_000), said]).toEqual([true, true, []]);
  ledger.assertClock();
  expect([note(3, 9_000), note(2, 0), said.length]).toEqual([false, false, 1]);
  expect(() => ledger.assertClock()).toThrow(Problem);
  expect([note(4, 0), said.length]).toEqual([true, 2]);
});
