import { toTimestamp, type Entry, type Opening } from '@recourse/protocol';
import {
  addedKey,
  insertHolder,
  insertKey,
  random32,
  startTestRegistry,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countRefusal } from '../src/submissions/submission-store.ts';
import { build, day, problem, submit } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const get = async (id: string, key = registry.parties.harbour.service): Promise<TestAnswer> =>
  registry.call(key, 'sanctions.get', { sanction: id as `snc_${string}` });
const stateOf = async (id: string) => (await get(id)).body.result.state;
const entriesOf = (answer: TestAnswer): Entry[] =>
  answer.body.changes.openings.map((opening: Opening) => opening.entry);

describe('two holders', () => {
  const draftOf = async (options = {}) => {
    const answer = await registry.call(
      registry.parties.harbour.service,
      'sanctions.draft',
      await build(registry, options),
    );
    expect(answer.status).toBe(200);
    expect(answer.body.result.state).toBe('draft');
    expect(answer.body.changes).toBeUndefined();
    return answer.body.result.sanction as `snc_${string}`;
  };
  const confirm = (
    key: TestRegistry['parties']['harbour']['trust'],
    ...sanctions: `snc_${string}`[]
  ) => registry.call(key, 'sanctions.confirm', { sanctions });

  test('a draft is confirmed by another trust holder of the same platform', async () => {
    const { harbour, tubely } = registry.parties;
    const id = await draftOf();
    expect(problem(await confirm(harbour.trust, id))).toEqual(['not-independent', 'same-holder']);
    expect(problem(await confirm(tubely.trust, id))).toEqual(['not-found']);
    const answer = await confirm(harbour.trust2, id);
    expect(answer.body.result.confirmed).toMatchObject([
      { sanction: id, state: 'held', version: 1 },
    ]);
    expect(entriesOf(answer).map(({ type }) => type)).toEqual(['sanction-submitted']);
    expect(problem(await confirm(harbour.trust2, id))).toEqual(['state-conflict', 'not-a-draft']);
  });

  test('what a draft, its confirmation and a submission answer is what the row has', async () => {
    const { service, trust2 } = registry.parties.harbour;
    const rowOf = (id: string) =>
      registry.db
        .selectFrom('sanctions')
        .select(['draft_lapses_at', 'notice_due_at'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
    const draft = await registry.call(service, 'sanctions.draft', await build(registry));
    const { sanction: id, lapsesAt } = draft.body.result;
    expect(toTimestamp((await rowOf(id)).draft_lapses_at!)).toBe(lapsesAt);
    const [confirmed] = (await confirm(trust2, id)).body.result.confirmed;
    expect(toTimestamp((await rowOf(id)).notice_due_at!)).toBe(confirmed.noticeDueAt);
    const submitted = await registry.call(service, 'sanctions.submit', await build(registry));
    const { sanction, noticeDueAt } = submitted.body.result;
    expect(toTimestamp((await rowOf(sanction)).notice_due_at!)).toBe(noticeDueAt);
  });

  test('a draft is given back with a reason that its author reads, and bars no record', async () => {
    const { harbour, tubely } = registry.parties;
    const input = await build(registry);
    const drafted = await registry.call(harbour.service, 'sanctions.draft', input);
    const sanction = drafted.body.result.sanction as `snc_${string}`;
    const reason = 'The second chat log is missing.';
    const giveBack = (key: TestKey) =>
      registry.call(key, 'sanctions.returnDraft', { sanction, reason });
    expect(problem(await giveBack(tubely.trust))).toEqual(['not-found']);
    const answer = await giveBack(harbour.trust2);
    expect(answer.body.result).toEqual({ sanction, state: 'withdrawn', version: 2 });
    expect(answer.body.changes).toBeUndefined();
    const { body } = await get(sanction, harbour.trust);
    const { holder: by } = harbour.trust2;
    expect(body.result).toMatchObject({ cause: 'draft-lapsed', returned: { by, reason } });
    expect(body.result.returnedAt).toBe(body.result.endedAt);
    expect((await get(sanction)).body.result.returned).toBeUndefined();
    expect(problem(await giveBack(harbour.trust2))).toEqual(['state-conflict', 'not-a-draft']);
    expect(problem(await confirm(harbour.trust2, sanction))).toEqual([
      'state-conflict',
      'not-a-draft',
    ]);
    const { tokens } = input;
    const mended = await build(registry, {
      subjects: tokens.map(({ kind, control, token }) => ({ kind, control, token })),
    });
    expect((await registry.call(harbour.service, 'sanctions.submit', mended)).status).toBe(200);
  });

  test('several drafts are confirmed at once, or none', async () => {
    const { harbour } = registry.parties;
    const [a, b, c] = [
      await draftOf(),
      await draftOf(),
      await draftOf({ signedBy: harbour.trust2 }),
    ];
    expect(problem(await confirm(harbour.trust2, a, b, c))).toEqual([
      'not-independent',
      'same-holder',
    ]);
    expect(await stateOf(a)).toBe('draft');
    expect((await confirm(harbour.trust2, b, a)).body.result.confirmed.length).toBe(2);
  });

  test('a draft lapses, and another may follow it', async () => {
    const { harbour } = registry.parties;
    const token = random32();
    const id = await draftOf({ subjects: [{ token }] });
    registry.advance(10 * day);
    expect((await get(id)).body.result).toMatchObject({
      state: 'withdrawn',
      cause: 'draft-lapsed',
    });
    expect(problem(await confirm(harbour.trust2, id))).toEqual(['state-conflict', 'not-a-draft']);
    await submit(registry, { subjects: [{ token }] });
  });

  test('what changed since the draft is judged again at its confirmation', async () => {
    const { harbour } = registry.parties;
    const id = await draftOf();
    await sql`update parties set enabled_reasons = '{}' where id = ${harbour.id}`.execute(
      registry.db,
    );
    expect(problem(await confirm(harbour.trust2, id))).toEqual([
      'reason-not-accepted',
      'not-enabled',
    ]);
    await sql`update parties set enabled_reasons = '{fraud.phishing,abuse.swatting}' where id = ${harbour.id}`.execute(
      registry.db,
    );
    expect((await confirm(harbour.trust2, id)).status).toBe(200);
  });
});

describe('what others cannot do', () => {
  test('an operator voids with a second operator holder only', async () => {
    const { tubely, operator } = registry.parties;
    const seed = { audience: testOrigin, now: registry.now(), db: registry.db };
    const second = await addedKey({
      ...seed,
      party: 'operator',
      role: 'operator',
      admin: true,
      by: operator[0],
    });
    await insertHolder(seed, second);
    await insertKey(seed, second, 5);
    const input = await build(registry, { signedBy: tubely.trust2 });
    const submitted = await registry.call(tubely.service, 'sanctions.submit', input);
    const since = Math.floor(registry.now().getTime() / 1000) - 5;
    const { kid } = tubely.trust2;
    await sql`update keys set revoked_at = ${registry.now()}, revoked_why = 'compromised', revocation = '{}',
      compromised_since = ${new Date(since * 1000)} where kid = ${kid}`.execute(registry.db);
    const act = (key = operator[0]) => registry.call(key, 'sanctions.void', { kid, since });
    expect((await act()).body.result).toEqual({ ended: [], remaining: 1 });
    expect((await act()).body.result).toEqual({ ended: [], remaining: 1 });
    expect((await act(second)).body.result).toEqual({
      ended: [submitted.body.result.sanction],
      remaining: 0,
    });
  });

  test('refusals are counted by party, day, problem and issue', async () => {
    const { harbour } = registry.parties;
    const refused = {
      party: harbour.id,
      day: '2026-03-04',
      code: 'proof-too-weak',
      detail: 'below-floor',
    };
    await Promise.all(Array.from({ length: 5 }, () => countRefusal(registry.db, refused)));
    const rows = await registry.db
      .selectFrom('refusals')
      .select('n')
      .where('party', '=', harbour.id)
      .where('code', '=', 'proof-too-weak')
      .where('day', '=', '2026-03-04')
      .execute();
    expect(rows).toEqual([{ n: 5 }]);
  });
});
