import {
  eventOf,
  parseCompact,
  payloadOf,
  securityEventSchema,
  toNumericDate,
  verifySignature,
  type OpInput,
  type OpOutput,
  type SecurityEvent,
} from '@recourse/protocol';
import { testOrigin, type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lift, suspend } from '../src/records/transition.ts';
import { resultOf, startCheckRegistry } from './checks-fixture.ts';
import { act, recallOf, recallsOf, tell } from './recalls-fixture.ts';
import { problem, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());
beforeEach(async () => {
  await registry.ownerDb.updateTable('events').set({ acked_at: new Date() }).execute();
});

type Evt = `evt_${string}`;

async function poll(
  input: OpInput<'events.poll'> = {},
  by: TestPlatform = registry.parties.tubely,
): Promise<{ sets: Record<string, string>; order: SecurityEvent[]; moreAvailable: boolean }> {
  const answer = await registry.call(by.service, 'events.poll', input);
  const { sets, moreAvailable } = resultOf(answer) as OpOutput<'events.poll'>;
  const order = Object.values(sets).map((set) =>
    securityEventSchema.parse(payloadOf(parseCompact(set))),
  );
  return { sets, order, moreAvailable };
}

const ids = (sets: Record<string, string>): Evt[] => Object.keys(sets) as Evt[];

test('a signed event token for the platform alone, which says the same however often it is polled', async () => {
  const { tubely } = registry.parties;
  const { sanction, recall } = await recallOf(registry);
  const { sets, order } = await poll();
  expect(order).toHaveLength(1);
  const [set] = order as [SecurityEvent];
  const [row] = await recallsOf(registry, sanction);
  expect(set).toMatchObject({
    iss: testOrigin,
    aud: tubely.id,
    jti: ids(sets)[0],
    txn: sanction,
    iat: toNumericDate(row!.issued_at),
    sub_id: { format: 'opaque', id: sanction },
  });
  expect(eventOf(set)).toEqual({
    type: 'sanction-withdrawn',
    body: {
      version: 2,
      cause: 'error',
      recall: { id: recall, kind: 'undo', dueAt: toNumericDate(row!.due_at) },
    },
  });
  const jws = parseCompact(Object.values(sets)[0]!);
  expect(jws.typ).toBe('secevent+jwt');
  await verifySignature(jws, registry.services.eventSigner.publicJwk);
  registry.advance(3_600);
  expect((await poll()).sets).toEqual(sets);
});

test('in order of version per case, as many as asked for, until acknowledged', async () => {
  const { sanction } = await tell(registry);
  await act(registry, sanction, (ctx, record) =>
    suspend(ctx, record, { cause: 'relief', since: ctx.now }),
  );
  await act(registry, sanction, (ctx, record) =>
    lift(ctx, record, { causes: ['relief'], at: ctx.now }),
  );
  await withdraw(registry, sanction);
  const versions = ({ order }: { order: SecurityEvent[] }): number[] =>
    order.map((set) => eventOf(set).body.version);
  const two = await poll({ maxEvents: 2 });
  expect(versions(two)).toEqual([2, 3]);
  expect(two.moreAvailable).toBe(true);
  expect(versions(await poll({ maxEvents: 0 }))).toEqual([]);
  expect((await poll({ maxEvents: 0 })).moreAvailable).toBe(true);
  const rest = await poll({ ack: ids(two.sets) });
  expect(versions(rest)).toEqual([4]);
  expect(rest.moreAvailable).toBe(false);
  expect((await poll({ ack: ids(rest.sets) })).order).toEqual([]);
});

test('the submitter hears of its own record, others of nothing, and nobody acknowledges for another', async () => {
  const { harbour, market, tubely } = registry.parties;
  const { sanction } = await recallOf(registry);
  const own = await poll({}, harbour);
  // The third that it withdrew after a disclosure warns it, too.
  const ended = own.order.filter((set) => eventOf(set).type !== 'party-warned');
  expect(ended.map(({ txn, aud }) => [txn, aud])).toEqual([[sanction, harbour.id]]);
  expect(eventOf(ended[0]!).body.recall).toBeUndefined();
  const theirs = ids((await poll({}, tubely)).sets);
  const none = await poll({ ack: theirs }, market);
  expect(none.order).toEqual([]);
  expect(ids((await poll({}, tubely)).sets)).toEqual(theirs);
});

test('a delivered event acknowledges no recall', async () => {
  const { sanction } = await recallOf(registry);
  const { sets } = await poll();
  await poll({ ack: ids(sets) });
  const [recall] = await recallsOf(registry, sanction);
  expect(recall!.acknowledgement).toBeNull();
});

test('an event that was not taken stays, is counted, and what is said about it is not kept', async () => {
  const { tubely } = registry.parties;
  await recallOf(registry);
  const { sets } = await poll();
  const [id] = ids(sets) as [Evt];
  const setErrs = { [id]: { err: 'invalid_key', description: 'words of a receiver' } };
  const after = await poll({ ack: [id], setErrs });
  expect(ids(after.sets)).toEqual([id]);
  const counted = await registry.db
    .selectFrom('refusals')
    .selectAll()
    .where('party', '=', tubely.id)
    .execute();
  expect(counted).toMatchObject([{ code: 'event-not-taken', detail: '', n: 1 }]);
  expect(
    problem(
      await registry.call(tubely.service, 'events.poll', { setErrs: { x: { err: 'e' } } } as never),
    )[0],
  ).toBe('invalid-input');
});

test('two polls that acknowledge the same events at once both succeed', async () => {
  for (let i = 0; i < 5; i++) await recallOf(registry);
  const { sets } = await poll();
  const some = ids(sets);
  const [forth, back] = await Promise.all([poll({ ack: some }), poll({ ack: some.toReversed() })]);
  expect([...forth.order, ...back.order].length).toBeLessThanOrEqual(5);
  expect((await poll()).order).toEqual([]);
});
