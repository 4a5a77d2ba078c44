import { toNumericDate, type Id } from '@recourse/protocol';
import { random32, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { writeNextOf } from '../src/records/next-instant.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { historyOf } from '../src/records/store.ts';
import { act, appealCase, newCase, startAppealRegistry } from './appeals-harness.ts';
import { list, resultOf, subject } from './checks-fixture.ts';
import { answerRecalls, day, fall, matchesOf, ownRecord, record } from './derived-fixture.ts';
import { expectSameLives } from './lives-beside.ts';
import { build, problem } from './sanctions-harness.ts';
import { withdrawSigned } from './signing-keys.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterEach(async () => {
  await expectSameLives(registry);
  await answerRecalls(registry);
});
afterAll(() => registry.close());

interface Evasion {
  readonly id: Id<'snc'>;
  readonly token: string;
}

const seconds = (): number => toNumericDate(registry.now());

const evading = (evades: string, token: string, exp: number) => ({
  statement: {
    reason: 'network.ban-evasion' as const,
    evidence: [{ class: 'link-analysis' as const, commitment: random32() }],
    decided_at: seconds(),
    incident_from: seconds() - 60,
    incident_to: seconds() - 30,
    exp,
  },
  subjects: [subject('domain', { token, provenAt: seconds() - 30 })],
  submission: { evades: evades as Id<'snc'> },
});

/** A record of Harbour about one who came back. */
async function evasionOf(evades: string): Promise<Evasion> {
  // It has to come after the decision of what it evades.
  registry.advance(120);
  const token = random32();
  const { harbour } = registry.parties;
  const { expiresAt } = await ownRecord(registry, harbour, evades);
  const exp = Math.min(Date.parse(expiresAt) / 1000, seconds() + 200 * day);
  const input = await build(registry, evading(evades, token, exp));
  const { sanction: id } = resultOf(
    await registry.call(harbour.service, 'sanctions.submit', input),
  ) as { sanction: Id<'snc'> };
  await registry.deliver(id);
  // Its reason is held.
  registry.advance(6 * day);
  return { id, token };
}

const stateOf = async (id: string) => {
  const { state, cause } = await ownRecord(registry, registry.parties.harbour, id);
  return [state, cause];
};

const isAnswered = async ({ token }: Evasion): Promise<boolean> =>
  (await matchesOf(registry, registry.parties.market, [token])).length > 0;

test('one who evaded an evasion falls with the first, in the transaction of its end, and everyone told undoes it', async () => {
  const { harbour, market } = registry.parties;
  const first = await record(registry, harbour, [random32()]);
  const second = await evasionOf(first);
  const third = await evasionOf(second.id);
  expect(await isAnswered(third)).toBe(true);
  await fall(registry, first);
  expect(await stateOf(second.id)).toEqual(['withdrawn', 'evaded-ended']);
  expect(await stateOf(third.id)).toEqual(['withdrawn', 'evaded-ended']);
  expect(await isAnswered(third)).toBe(false);
  const recalls = await registry.db
    .selectFrom('recalls')
    .select(['party', 'kind'])
    .where('sanction', '=', third.id)
    .execute();
  expect(recalls).toEqual([{ party: market.id, kind: 'undo' }]);
});

test('what fell due of one who evaded is written before it falls with the first', async () => {
  const { harbour } = registry.parties;
  const lines = async (id: string): Promise<string[]> =>
    (await historyOf(registry.db, id)).map(({ event }) => event).slice(-2);
  const reversed = await record(registry, harbour, [random32()]);
  const second = await evasionOf(reversed);
  await fall(registry, reversed);
  expect(await lines(second.id)).toEqual(['visible', 'ended']);

  const expiring = await record(registry, harbour, [random32()]);
  const third = await evasionOf(expiring);
  const { expiresAt } = await ownRecord(registry, harbour, expiring);
  registry.advance((Date.parse(expiresAt) - registry.now().getTime()) / 1000);
  await act(registry, expiring, () => Promise.resolve());
  expect(await lines(third.id)).toEqual(['visible', 'ended']);
});

test('where the first ends undecided by time alone, what evades it reads as ended before anybody wrote that down', async () => {
  const { sanction, claimant } = await newCase(registry, { told: [] });
  const second = await evasionOf(sanction);
  const third = await evasionOf(second.id);
  const { id } = await appealCase(registry, { sanction, claimant });
  const appeal = await registry.db
    .selectFrom('appeals')
    .select('undecided_at')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  registry.advance((appeal.undecided_at.getTime() - registry.now().getTime()) / 1000 + 60);
  expect(await isAnswered(third)).toBe(false);
  expect(await stateOf(third.id)).toEqual(['undecided', 'evaded-ended']);
  await settleDue(registry.services);
  expect(await stateOf(second.id)).toEqual(['undecided', 'evaded-ended']);
  expect(await stateOf(third.id)).toEqual(['undecided', 'evaded-ended']);
});

test('an appeal that its creator withdrew is late for nobody', async () => {
  const theCase = await newCase(registry, { told: [] });
  const second = await evasionOf(theCase.sanction);
  await appealCase(registry, theCase);
  const withdrawn = await withdrawSigned(registry, theCase.key);
  expect(withdrawn.status).toBe(200);
  // Nobody has written down that it is withdrawn.
  registry.advance(183 * day);
  expect(await stateOf(second.id)).toEqual(['visible', undefined]);
});

test('where the first was amended to expire sooner, what evades it expires with it', async () => {
  const { harbour } = registry.parties;
  const first = await record(registry, harbour, [random32()]);
  const second = await evasionOf(first);
  const third = await evasionOf(second.id);
  await registry.db
    .updateTable('sanctions')
    .set({ amendment: 'signed', amended_until: new Date(registry.now().getTime() + 3_600_000) })
    .where('id', '=', first)
    .execute();
  await writeNextOf(registry.db, [first]);
  registry.advance(3540);
  expect(await isAnswered(third)).toBe(true);
  registry.advance(120);
  expect(await isAnswered(third)).toBe(false);
  expect(await stateOf(third.id)).toEqual(['expired', undefined]);
  await settleDue(registry.services);
  const lines = await registry.db
    .selectFrom('sanction_events')
    .select('sanction')
    .where('sanction', 'in', [first, second.id, third.id])
    .where('event', '=', 'ended')
    .where('cause', '=', 'expired')
    .execute();
  expect(lines).toHaveLength(3);
});

test('its life is never beyond that of what it evades: by the rule, and by SQL for the service role', async () => {
  const { harbour } = registry.parties;
  const first = await record(registry, harbour, [random32()]);
  const { expiresAt } = await ownRecord(registry, harbour, first);
  const until = Date.parse(expiresAt) / 1000;
  registry.advance(120);
  const longer = await build(registry, evading(first, random32(), until + 60));
  const refused = await registry.call(harbour.service, 'sanctions.submit', longer);
  expect(problem(refused)).toEqual(['retention-too-long', 'beyond-longest-life']);

  const second = await evasionOf(first);
  const copy = (columns: Record<string, string>): Promise<string> => {
    const all =
      `id party kid holder statement reason age decided_at incident_from incident_to expires_at
      submitted_at prior_match evades commitments account`.split(/\s+/);
    const values: Record<string, string> = {
      id: `'snc_' || substr(md5(random()::text), 1, 26)`,
      statement: `'copied'`,
      ...columns,
    };
    const select = all.map((column) => values[column] ?? column).join(', ');
    return sql
      .raw(
        `insert into sanctions (${all.join(', ')}) select ${select} from sanctions
        where id = '${second.id}'`,
      )
      .execute(registry.db)
      .then(
        () => 'accepted',
        (error: { code?: string }) => String(error.code),
      );
  };
  const [checkViolation, foreignKeyViolation] = ['23514', '23503'];
  expect(await copy({})).toBe('accepted');
  expect(
    await copy({
      expires_at: `(select expires_at from sanctions where id = '${first}') + interval '1 s'`,
    }),
  ).toBe(checkViolation);
  const { rows } = await sql<{
    id: string;
  }>`select id from sanctions where evades = ${first}`.execute(registry.db);
  await writeNextOf(
    registry.db,
    rows.map(({ id }) => id),
  );
  expect(await copy({ evades: 'null' })).toBe(checkViolation);
  expect(await copy({ reason: `'fraud.phishing'` })).toBe(checkViolation);
  const foreign = await list(registry, registry.parties.tubely, { subjects: [subject('domain')] });
  expect(await copy({ evades: `'${foreign}'` })).toBe(foreignKeyViolation);
});
