import { mayCarry } from '@recourse/protocol';
import { ops, signCompact, toNumericDate, type Operation, type OpName } from '@recourse/protocol';
import { testOrigin, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { listParties } from '../src/parties/directory.ts';
import { newElement, resultOf, startCheckRegistry } from './checks-fixture.ts';
import {
  acknowledge,
  advanceTo,
  days,
  entriesOf,
  hours,
  recallOf,
  recallsOf,
} from './recalls-fixture.ts';
import { build, problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const [monday, wednesday] = [1, 3];

async function evaluate(server?: ReturnType<TestRegistry['anotherServer']>): Promise<TestAnswer> {
  const compact = await registry.sign(registry.parties.tubely.service, {
    op: 'checks.evaluate',
    in: {
      purpose: 'signup',
      epochs: [1],
      blinded: [newElement()],
      provenAt: toNumericDate(registry.now()),
    },
  });
  return registry.send('checks.evaluate', compact, server);
}

/** Moves the clock to so many seconds after the deadline of a sanction's only recall. */
async function advanceToDue(sanction: string, seconds: number): Promise<void> {
  const [recall] = await recallsOf(registry, sanction);
  registry.advance((recall!.due_at.getTime() - registry.now().getTime()) / 1_000 + seconds);
}

const directory = async () =>
  (await listParties(registry.db, registry.now())).find(
    ({ party }) => party === registry.parties.tubely.id,
  )!;

test('due in 72 hours, and on a day nobody works at noon of the next working day', async () => {
  advanceTo(registry, monday, 9);
  const weekday = await recallOf(registry);
  const [due] = await recallsOf(registry, weekday.sanction);
  expect(due!.due_at.getTime() - due!.issued_at.getTime()).toBe(72 * hours * 1_000);
  await acknowledge(registry, weekday.recall);

  advanceTo(registry, wednesday, 9);
  const weekend = await recallOf(registry);
  const [late] = await recallsOf(registry, weekend.sanction);
  expect(late!.due_at.getUTCDay()).toBe(monday);
  expect(late!.due_at.toISOString().slice(11)).toBe('12:00:00.000Z');
  await acknowledge(registry, weekend.recall);
});

test('overdue: in the ledger, reminded and public, once; open until acknowledged', async () => {
  const { tubely } = registry.parties;
  const { recall, sanction } = await recallOf(registry);
  await advanceToDue(sanction, -60);
  await settleDue(registry.services);
  expect(await entriesOf(registry, 'recall-overdue')).toEqual([]);
  expect((await directory()).recalls).toEqual({ open: 1, overdue: 0 });
  registry.advance(120);
  // Before any job ran, and as well after.
  expect((await directory()).recalls).toEqual({ open: 1, overdue: 1 });
  expect(await settleDue(registry.services)).toMatchObject({ settled: 1 });
  expect(await settleDue(registry.services)).toMatchObject({ settled: 0 });
  expect(await entriesOf(registry, 'recall-overdue')).toHaveLength(1);
  const reminders = await registry.db
    .selectFrom('events')
    .select(['party', 'body'])
    .where('type', '=', 'recall-reminder')
    .execute();
  expect(reminders).toMatchObject([
    { party: tubely.id, body: { version: 2, recall: { id: recall, kind: 'undo' } } },
  ]);
  expect(resultOf(await acknowledge(registry, recall))).toMatchObject({ open: 0 });
  expect((await directory()).recalls).toEqual({ open: 0, overdue: 0 });
});

test('fourteen days overdue: checks stop with every job stopped, until the acknowledgement, on every server', async () => {
  const other = registry.anotherServer();
  const { recall, sanction } = await recallOf(registry);
  await advanceToDue(sanction, 14 * days - 60);
  expect((await evaluate()).status).toBe(200);
  expect((await evaluate(other)).status).toBe(200);
  expect(await directory()).toMatchObject({ checksStopped: false });
  // Both servers have the key cached as one that may check.
  registry.advance(120);
  expect(problem(await evaluate())).toEqual(['checks-stopped']);
  expect(problem(await evaluate(other))).toEqual(['checks-stopped']);
  expect(await directory()).toMatchObject({ checksStopped: true, recalls: { overdue: 1 } });
  expect(resultOf(await acknowledge(registry, recall))).toMatchObject({
    open: 0,
    checksStopped: false,
  });
  // The very next call, on the server that did not see the acknowledgement.
  expect((await evaluate(other)).status).toBe(200);
  expect((await evaluate()).status).toBe(200);
});

test("the operator's stop is another flag: no acknowledgement lifts it", async () => {
  const { recall } = await recallOf(registry);
  const { tubely } = registry.parties;
  const set = (checks_stopped: boolean) =>
    registry.ownerDb
      .updateTable('parties')
      .set({ checks_stopped })
      .where('id', '=', tubely.id)
      .execute();
  await set(true);
  expect(resultOf(await acknowledge(registry, recall))).toMatchObject({ checksStopped: true });
  expect(problem(await evaluate())).toEqual(['checks-stopped']);
  await set(false);
  expect((await evaluate()).status).toBe(200);
});

test('a platform stopped for both reasons and suspended may do all but check and submit', async () => {
  const { tubely } = registry.parties;
  const { recall, sanction, matches, token } = await recallOf(registry);
  const match = await registry.db
    .selectFrom('matches')
    .select('check_id')
    .where('id', '=', matches[0]!)
    .executeTakeFirstOrThrow();
  await advanceToDue(sanction, 15 * days);
  await registry.ownerDb
    .updateTable('parties')
    .set({ checks_stopped: true, submissions_suspended: true })
    .where('id', '=', tubely.id)
    .execute();
  const withdrawal = await signCompact(tubely.trust.signer, 'recourse-withdrawal+jwt', {
    iss: tubely.id,
    aud: testOrigin,
    sub: sanction,
    cause: 'error',
    iat: toNumericDate(registry.now()),
  });
  // Inputs that pass their schema; those that are about nothing of Tubely's are not found, and that is all.
  const inputs: Partial<Record<OpName, unknown>> = {
    'checks.report': { outcomes: [{ match: matches[0], outcome: 'admitted' }] },
    'sanctions.notify': {
      sanction,
      language: 'en',
      addresses: ['somebody@mail.example'],
    },
    'sanctions.stateNotice': {
      sanction,
      channel: 'letter',
      language: 'en',
      sentAt: toNumericDate(registry.now()),
    },
    'sanctions.withdraw': { withdrawal },
    'sanctions.get': { sanction },
    'sanctions.status': { sanction },
    'recalls.acknowledge': { recall, action: 'undone', copies: 'deleted' },
    'calls.changes': { jti: 'x'.repeat(24) },
    // The two that do stop, with the submission that does.
    'checks.evaluate': { purpose: 'payout-change', epochs: [1], blinded: [newElement()] },
    'checks.match': { check: match.check_id, tokens: [{ epoch: 1, token }] },
    'sanctions.submit': await build(registry, { signedBy: tubely.trust }),
  };
  const answered = new Map<string, string>();
  const operations: Readonly<Record<OpName, Operation>> = ops;
  for (const op of Object.keys(ops) as OpName[]) {
    const key = [tubely.trust, tubely.service, tubely.admin].find((one) =>
      mayCarry(operations[op], one),
    );
    if (!key) continue;
    const [code] = problem(await registry.call(key, op, (inputs[op] ?? {}) as never));
    answered.set(op, code!);
  }
  const stopped = [...answered].filter(([, code]) =>
    /^(checks-stopped|party-suspended)$/.test(code),
  );
  expect(stopped.map(([op]) => op).toSorted()).toEqual([
    'checks.evaluate',
    'checks.match',
    'sanctions.submit',
  ]);
  // The others got as far as their own rules.
  const unread = Object.keys(inputs).filter((op) => answered.get(op) === 'invalid-input');
  expect(unread).toEqual([]);
  expect(answered.get('recalls.acknowledge')).toBe('200');
});
