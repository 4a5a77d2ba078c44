import {
  changesRoot,
  recallsOwed,
  verifyOpening,
  type Entry,
  type Opening,
} from '@recourse/protocol';
import { startTestRegistry, testId, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAppealRows } from './due-fixture.ts';
import { build, disclose, notify, problem, submit, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const hour = 3600;
const get = async (id: string, key = registry.parties.harbour.service): Promise<TestAnswer> =>
  registry.call(key, 'sanctions.get', { sanction: id as `snc_${string}` });
const stateOf = async (id: string) => (await get(id)).body.result.state;
const entriesOf = (answer: TestAnswer): Entry[] =>
  answer.body.changes.openings.map((opening: Opening) => opening.entry);

describe('ends', () => {
  test('everyone told is recalled in the transaction of the end, and the entry commits to them', async () => {
    const { tubely, market } = registry.parties;
    const { id } = await submit(registry);
    await notify(registry, id);
    await disclose(registry, { sanction: id, to: tubely });
    await disclose(registry, { sanction: id, to: market });
    const answer = await withdraw(registry, id, { claims: { cause: 'home-reversal' } });
    expect(answer.body.result).toMatchObject({ state: 'withdrawn', version: 2, recalls: 2 });
    const recalls = await registry.db
      .selectFrom('recalls')
      .selectAll()
      .where('sanction', '=', id)
      .orderBy('party')
      .execute();
    expect(recalls).toMatchObject(
      [tubely.id, market.id]
        .toSorted((a, b) => (a < b ? -1 : 1))
        .map((party) => ({ party, version: 2, kind: 'undo' })),
    );
    const [late] = recalls.map((recall) => recall.due_at.getTime() - registry.now().getTime());
    expect(late).toBeGreaterThan(71 * hour * 1000);

    const entries = entriesOf(answer);
    const pairs = entries.flatMap((entry) => (entry.type === 'recall-issued' ? [entry.pair] : []));
    const end = entries.find((entry) => entry.type === 'sanction-ended');
    expect(end).toMatchObject({ cause: 'early', recalls: recallsOwed(pairs) });
    expect(changesRoot(entries)).toBe(answer.body.changes.root);
    for (const opening of answer.body.changes.openings as Opening[]) {
      if ('ref' in opening.entry) verifyOpening(opening);
    }
  });

  test('a sanction ends once', async () => {
    const { id } = await submit(registry);
    expect((await withdraw(registry, id)).status).toBe(200);
    expect(problem(await withdraw(registry, id))).toEqual(['state-conflict', 'ended']);
  });

  test('withdrawn under an appeal, it is conceded', async () => {
    const { id } = await submit(registry);
    await openAppealRows(registry, id, {});
    await withdraw(registry, id);
    expect((await get(id)).body.result).toMatchObject({ state: 'reversed', cause: 'conceded' });
  });

  test('only its submitter withdraws it, by a trust key', async () => {
    const { harbour, tubely } = registry.parties;
    const { id } = await submit(registry);
    const theirs = await withdraw(registry, id, { key: tubely.trust });
    const missing = await withdraw(registry, testId('snc', registry.now()), { key: tubely.trust });
    expect(problem(theirs)).toEqual(['not-found']);
    expect(theirs.raw.body).toBe(missing.raw.body);
    const carried = await withdraw(registry, id, { key: harbour.service, carrier: harbour.trust });
    expect(problem(carried)).toEqual(['role-not-allowed']);
    const posed = await withdraw(registry, id, {
      key: tubely.trust,
      claims: { iss: harbour.id as never },
    });
    expect(problem(posed)).toEqual(['invalid-input', 'not-the-caller']);
    expect(await stateOf(id)).toBe('held');
  });

  test('a compromised key: what it submitted since is suspended at once, and voided in steps', async () => {
    const { market, tubely } = registry.parties;
    const send = async () => {
      const input = await build(registry, { signedBy: market.trust2 });
      const answer = await registry.call(market.service, 'sanctions.submit', input);
      expect(answer.status).toBe(200);
      return answer.body.result.sanction as string;
    };
    const kid = market.trust2.kid;
    const before = await send();
    registry.advance(60);
    const since = Math.floor(registry.now().getTime() / 1000);
    registry.advance(5);
    await sql`update parties set submissions_per_day = 1000 where id = ${market.id}`.execute(
      registry.ownerDb,
    );
    const after: string[] = [];
    for (let n = 0; n < 66; n++) after.push(await send());
    await disclose(registry, { sanction: after[0]!, to: tubely });
    const voidSince = (key = market.admin) => registry.call(key, 'sanctions.void', { kid, since });
    expect(problem(await voidSince())).toEqual(['state-conflict', 'not-compromised']);
    await sql`update keys set revoked_at = ${registry.now()}, revoked_why = 'compromised', revocation = '{}',
      compromised_since = ${new Date(since * 1000)} where kid = ${kid}`.execute(registry.db);
    expect((await get(after[1]!, market.service)).body.result).toMatchObject({
      state: 'suspended',
      suspendedFor: ['key-compromised'],
    });
    expect((await get(before, market.service)).body.result.state).toBe('held');

    expect(problem(await voidSince(market.trust))).toEqual(['role-not-allowed']);
    expect(problem(await voidSince(registry.parties.tubely.admin))).toEqual(['not-found']);
    const first = await voidSince();
    expect([first.body.result.ended.length, first.body.result.remaining]).toEqual([64, 2]);
    const second = await voidSince();
    expect([second.body.result.ended.length, second.body.result.remaining]).toEqual([2, 0]);
    expect((await voidSince()).body.result).toEqual({ ended: [], remaining: 0 });
    expect((await get(after[0]!, market.service)).body.result).toMatchObject({
      state: 'withdrawn',
      cause: 'key-compromise',
    });
    expect((await get(before, market.service)).body.result.state).toBe('held');
    const recalls = await registry.db
      .selectFrom('recalls')
      .select('party')
      .where('sanction', '=', after[0]!)
      .execute();
    expect(recalls).toEqual([{ party: tubely.id }]);
  });
});

describe('reading', () => {
  test('missing and not own answer alike', async () => {
    const { tubely } = registry.parties;
    const { id } = await submit(registry);
    const theirs = await get(id, tubely.service);
    const missing = await get(testId('snc', registry.now()), tubely.service);
    expect(theirs.status).toBe(404);
    expect(theirs.raw.body).toBe(missing.raw.body);
    const status = async (sanction: string) =>
      registry.call(tubely.service, 'sanctions.status', { sanction: sanction as `snc_${string}` });
    const untold = await status(id);
    expect(untold.status).toBe(404);
    expect(untold.raw.body).toBe((await status(testId('snc', registry.now()))).raw.body);
    await disclose(registry, { sanction: id, to: tubely });
    expect((await status(id)).body.result).toMatchObject({
      sanction: id,
      state: 'held',
      version: 1,
      disputed: false,
    });
  });

  test('the list pages through own records, the newest first, each once', async () => {
    const { harbour, tubely } = registry.parties;
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await registry.call(harbour.service, 'sanctions.list', {
        limit: 3,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(
        ...answer.body.result.sanctions.map((record: { sanction: string }) => record.sanction),
      );
      cursor = answer.body.result.next;
    } while (cursor);
    const own = await registry.db
      .selectFrom('sanctions')
      .select('id')
      .where('party', '=', harbour.id)
      .execute();
    expect(seen).toEqual(
      own
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    const bad = await registry.call(tubely.service, 'sanctions.list', { cursor: 'AAAA' });
    expect(problem(bad)).toEqual(['invalid-input', 'unknown']);
  });

  test('the list by state holds that state alone', async () => {
    const { harbour } = registry.parties;
    const answer = await registry.call(harbour.service, 'sanctions.list', {
      limit: 100,
      state: 'withdrawn',
    });
    const states = new Set(
      answer.body.result.sanctions.map((record: { state: string }) => record.state),
    );
    expect([...states]).toEqual(['withdrawn']);
  });
});
