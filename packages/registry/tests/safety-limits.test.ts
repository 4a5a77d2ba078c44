import { type OpOutput } from '@recourse/protocol';
import { random32, registrationOf, testId, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, list, openCheck, resultOf, startCheckRegistry, subject } from './checks-fixture.ts';
import { outcome, sendRaw } from './safety-harness.ts';
import { build } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const items = (length: number) =>
  Array.from({ length }, () => ({ class: 'captured-artefact' as const, commitment: random32() }));

describe('the largest inputs', () => {
  test('64 tokens that meet one record 64 times are one disclosure', async () => {
    const { harbour, tubely } = registry.parties;
    const creator = subject('domain');
    const statement = { evidence: items(16) };
    const sanction = await list(registry, harbour, { subjects: [creator], statement });
    const check = await openCheck(registry, tubely);
    const tokens = Array.from({ length: 64 }, () => creator.token!);
    const answer = await ask(registry, tubely, { check, tokens });
    const { matches } = resultOf(answer) as OpOutput<'checks.match'>;
    expect([matches.length, new Set(matches.map(({ match }) => match)).size]).toEqual([64, 1]);
    expect(Buffer.byteLength(answer.raw.body)).toBeLessThanOrEqual(512 * 1024);
    const disclosures = registry.db
      .selectFrom('disclosures')
      .selectAll()
      .where('sanction', '=', sanction);
    expect(await disclosures.execute()).toHaveLength(1);
  });

  test('65 tokens, 9 subjects, 17 items of evidence are too many', async () => {
    const { tubely } = registry.parties;
    const send = async (op: string, input: object) =>
      outcome(await sendRaw(registry, tubely.service, { op, in: input }));
    const check = await openCheck(registry, tubely);
    const tokens = Array.from({ length: 65 }, () => ({ epoch: 1, token: random32() }));
    expect(await send('checks.match', { check, tokens })).toBe('invalid-input/too-many');
    const input = await build(registry, {
      signedBy: tubely.trust,
      statement: { evidence: items(17) },
    });
    expect(await send('sanctions.submit', input)).toBe('invalid-input/too-many');
    const nine = { ...input, tokens: Array.from({ length: 9 }, () => input.tokens[0]) };
    expect(await send('sanctions.submit', nine)).toBe('invalid-input/too-many');
  });
});

describe('what PostgreSQL could not read is refused before it', () => {
  test.each([1, 1e13, 99_999_999_999_999, 100_000_000_000_000, 999_999_999_999_999])(
    'a cursor of the time %d',
    async (time) => {
      const cursor = `${time}-${testId('mat', registry.now())}`;
      const answer = await sendRaw(registry, registry.parties.tubely.service, {
        op: 'checks.owed',
        in: { cursor },
      });
      expect(outcome(answer)).toBe(time < 1e14 ? '200' : 'invalid-input/unknown');
    },
  );

  test.each(['A\0B', 'A\nB', 'A\u202eB', 'A\u2066B', '\u0085'])('a name %j', async (name) => {
    const registration = { ...registrationOf('Limits'), name };
    const owned = { ...registrationOf('Limits'), owners: [{ name, percent: 50 }] };
    for (const sent of [registration, owned]) {
      const answer = await sendRaw(registry, registry.parties.operator[0], {
        op: 'platforms.register',
        in: { registration: sent, invite: random32() },
      });
      expect(outcome(answer)).toBe('invalid-input/malformed');
    }
  });
});
