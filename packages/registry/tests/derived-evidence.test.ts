import { signCompact, toNumericDate } from '@recourse/protocol';
import {
  random32,
  testId,
  testOrigin,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peekStatement } from '../src/parties/opening.ts';
import { proofOf } from '../src/submissions/recording.ts';
import { list, resultOf, startCheckRegistry } from './checks-fixture.ts';
import { matchesOf } from './derived-fixture.ts';
import { groupOf, setGroup } from './groups-harness.ts';
import { build, sqlState, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const item = (commitment: string) => ({ class: 'captured-artefact' as const, commitment });
const record = (
  by: TestPlatform,
  contents: { token: string; evidence: string[] },
): Promise<string> =>
  list(registry, by, {
    subjects: [{ token: contents.token }],
    statement: { evidence: contents.evidence.map(item) },
  });
const shown = async (by: TestPlatform, token: string) =>
  (await matchesOf(registry, by, [token])).map(({ priorMatch, corroboration }) => [
    priorMatch,
    corroboration,
  ]);
const sourcesOf = async (derived: string) =>
  (
    await registry.db
      .selectFrom('derived_records')
      .select('source')
      .where('derived', '=', derived)
      .execute()
  ).map(({ source }) => source);

describe('a record with an evidence commitment of another', () => {
  test('group is derived from it, is not counted, and names it', async () => {
    const { harbour, tubely, market } = registry.parties;
    const [token, evidence] = [random32(), random32()];
    const first = await record(harbour, { token, evidence: [evidence] });
    const copy = await record(tubely, { token, evidence: [random32(), evidence] });
    expect(await shown(market, token)).toEqual([
      [false, 'none'],
      [true, 'none'],
    ]);
    expect(await sourcesOf(copy)).toEqual([first]);
  });

  test('also about somebody else; with a new salt nothing shows it', async () => {
    const { harbour, tubely, market } = registry.parties;
    const [token, evidence] = [random32(), random32()];
    const first = await record(harbour, { token: random32(), evidence: [evidence] });
    const copy = await record(tubely, { token, evidence: [evidence] });
    expect(await sourcesOf(copy)).toEqual([first]);
    const salted = random32();
    await record(harbour, { token: salted, evidence: [random32()] });
    await record(tubely, { token: salted, evidence: [random32()] });
    expect((await shown(market, salted)).map(([, count]) => count)).toEqual([
      'one-other',
      'one-other',
    ]);
  });

  test('company of its own group is none', async () => {
    const { harbour, tubely } = registry.parties;
    await setGroup(registry, tubely, groupOf(harbour));
    const evidence = random32();
    await record(harbour, { token: random32(), evidence: [evidence] });
    const other = await record(tubely, { token: random32(), evidence: [evidence] });
    await setGroup(registry, tubely);
    expect(await sourcesOf(other)).toEqual([]);
  });

  test('is one of two that are filed at once', async () => {
    const { harbour, tubely } = registry.parties;
    const evidence = random32();
    const ids = await Promise.all(
      [harbour, tubely].map((by) => record(by, { token: random32(), evidence: [evidence] })),
    );
    const marks = await registry.db
      .selectFrom('sanctions')
      .select('prior_match')
      .where('id', 'in', ids)
      .execute();
    expect(marks.map((row) => row.prior_match).toSorted()).toEqual([false, true]);
  });

  test('is reviewed when that one falls, and confirmed by no copy', async () => {
    const { harbour, tubely, market } = registry.parties;
    const [evidence, third] = [random32(), random32()];
    const first = await record(harbour, { token: random32(), evidence: [evidence] });
    const copy = await record(tubely, { token: random32(), evidence: [evidence] });
    await record(market, { token: random32(), evidence: [third] });
    resultOf(await withdraw(registry, first));
    const confirm = async (commitment: string) => {
      const now = toNumericDate(registry.now());
      const confirmation = await signCompact(tubely.trust.signer, 'recourse-echo+jwt', {
        iss: tubely.id,
        aud: testOrigin,
        sub: copy,
        evidence: [{ ...item(commitment), collected_at: now - 60, basis: 'later' }],
        iat: now,
      });
      return registry.call(tubely.trust, 'sanctions.confirmEcho', {
        confirmations: [confirmation],
      });
    };
    for (const copied of [evidence, third]) {
      const { body } = await confirm(copied);
      expect(body.issues).toMatchObject([{ code: 'of-another-record' }]);
    }
    resultOf(await confirm(random32()));
  });
});

test('a derived record says so in the database, whoever writes it', async () => {
  const { harbour, tubely } = registry.parties;
  const token = random32();
  const from = await record(harbour, { token, evidence: [random32()] });
  /** By Tubely, about the same subjects. */
  const copy = (overrides: object) => {
    const id = testId('snc', registry.now());
    const own = { id, case_key: id, party: tubely.id, kid: tubely.trust.kid };
    const change = JSON.stringify({ ...own, ...overrides });
    return sqlState(
      sql`with one as (
        insert into sanctions
        select (jsonb_populate_record(s, ${change}::text::jsonb)).* from sanctions s where s.id = ${from}
        returning id, statement
      ), e as (
        insert into evidence_commitments (commitment, sanction)
        select item ->> 'commitment', id from one, jsonb_array_elements(evidence_in(statement)) item
      )
      insert into subjects (lookup, epoch, sanction, position, kind, control, proven_at, matches_until, sealed)
      select lookup, epoch, ${id}, position, kind, control, proven_at, matches_until, sealed
      from subjects where sanction = ${from}`.execute(registry.db),
    );
  };
  expect(await copy({})).toBe(again);
  const { statement } = await build(registry, { signedBy: tubely.trust });
  const own = { statement, proof: proofOf(peekStatement(statement).payload) };
  expect(await copy(own)).toBe('accepted');
  await matchesOf(registry, tubely, [token]);
  expect(await copy(own)).toBe(again);
});

/** The transaction runs again, and finds what it follows. */
const again = '40001';
