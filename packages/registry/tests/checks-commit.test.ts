import { toTimestamp } from '@recourse/protocol';
import { testOrigin, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ask, askNew, list, openCheck, startCheckRegistry, subject } from './checks-fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

test('a sanction that a transition holds makes only those wait who would be shown it', async () => {
  const { harbour, tubely, market } = registry.parties;
  const held = subject('domain');
  const free = subject('domain');
  const sanction = await list(registry, harbour, { subjects: [held] });
  await list(registry, harbour, { subjects: [free] });
  const checks = [await openCheck(registry, tubely), await openCheck(registry, market)];
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  let locked!: () => void;
  const isLocked = new Promise<void>((resolve) => (locked = resolve));
  const transition = registry.ownerDb.transaction().execute(async (trx) => {
    await sql`select id from sanctions where id = ${sanction} for update`.execute(trx);
    locked();
    await released;
  });
  await isLocked;
  const waiting = ask(registry, tubely, { check: checks[0]!, tokens: [held.token!] });
  // They are answered while the lock is held.
  const others = await Promise.all([
    ask(registry, market, { check: checks[1]!, tokens: [free.token!] }),
    registry.call(tubely.service, 'checks.owed', {}),
  ]);
  expect(others.map(({ status }) => status)).toEqual([200, 200]);
  const answer = await waiting;
  expect(answer).toMatchObject({
    status: 503,
    body: { type: `${testOrigin}/problems/overloaded` },
  });
  expect(answer.raw.retryAfterSeconds).toBe(1);
  release();
  await transition;
  expect((await askNew(registry, tubely, [held.token!])).body.result.matches).toHaveLength(1);
});

test('a match is told at the instant that its entry says, though its group is written seconds later', async () => {
  const { harbour, tubely } = registry.parties;
  const creator = subject('domain');
  await list(registry, harbour, { subjects: [creator] });
  const check = await openCheck(registry, tubely);
  const { clock } = registry.services;
  const slow = vi.spyOn(registry.services, 'clock').mockImplementation(() => {
    registry.advance(2);
    return clock();
  });
  const told = await ask(registry, tubely, { check, tokens: [creator.token!] });
  slow.mockRestore();
  const { at } = told.body.changes.openings[0].entry;
  const row = await registry.db
    .selectFrom('matches as m')
    .innerJoin('disclosures as d', 'd.sanction', 'm.sanction')
    .select(['d.at', 'm.told_at'])
    .where('m.check_id', '=', check)
    .executeTakeFirstOrThrow();
  expect([toTimestamp(row.at), toTimestamp(row.told_at)]).toEqual([at, at]);
});
