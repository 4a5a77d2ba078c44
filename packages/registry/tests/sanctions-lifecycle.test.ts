import {
  changesRoot,
  recallsOwed,
  verifyOpening,
  type Entry,
  type Opening,
} from '@recourse/protocol';
import {
  addedKey,
  insertHolder,
  insertKey,
  random32,
  startTestRegistry,
  testId,
  testOrigin,
  type TestAnswer,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Changes } from '../src/ledger/changes.ts';
import { materialise } from '../src/sanctions/ending.ts';
import { lockSanction } from '../src/sanctions/store.ts';
import { countRefusal } from '../src/sanctions/submission-store.ts';
import {
  build,
  count,
  day,
  disclose,
  notify,
  problem,
  submit,
  withdraw,
} from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const hour = 3600;
/** Not answered now: it passes the hold. */
const spam = () => ({
  statement: {
    reason: 'network.bulk-spam' as const,
    evidence: [{ class: 'volume-logs' as const, commitment: random32() }],
    exp: Math.floor(registry.now().getTime() / 1000) + 60 * day,
  },
});
const get = async (id: string, key = registry.parties.harbour.service): Promise<TestAnswer> =>
  registry.call(key, 'sanctions.get', { sanction: id as `snc_${string}` });
const stateOf = async (id: string) => (await get(id)).body.result.state;
const entriesOf = (answer: TestAnswer): Entry[] =>
  answer.body.changes.openings.map((opening: Opening) => opening.entry);

describe('from submission to expiry', () => {
  test('held until 72 h after the notice, then visible, then expired, with every job stopped', async () => {
    const { id } = await submit(registry, spam());
    expect(await stateOf(id)).toBe('held');
    registry.advance(100 * hour);
    const answer = await notify(registry, id);
    expect(answer.body.result).toMatchObject({ sanction: id, state: 'held', version: 1 });
    expect(entriesOf(answer).map(({ type }) => type)).toEqual(['notice-sent']);
    const visible = Date.parse(answer.body.result.visibleFrom) - registry.now().getTime();
    expect(Math.abs(visible - 72 * hour * 1000)).toBeLessThan(5000);
    registry.advance(72 * hour - 10);
    expect(await stateOf(id)).toBe('held');
    registry.advance(20);
    expect(await stateOf(id)).toBe('visible');
    registry.advance(60 * day);
    expect(await stateOf(id)).toBe('expired');
    expect(await count(registry, 'ends')).toBe(0);
  });

  test('visible with its notice where the reason says now', async () => {
    const { id } = await submit(registry);
    const answer = await notify(registry, id);
    expect(answer.body.result.state).toBe('visible');
    expect(entriesOf(answer).map(({ type }) => type)).toEqual(['notice-sent', 'sanction-visible']);
    const { history } = (await get(id)).body.result;
    expect(history.map(({ event }: { event: string }) => event)).toEqual([
      'submitted',
      'notified',
      'visible',
    ]);
  });

  test('no notice in 7 d: withdrawn, and no late notice revives it', async () => {
    const { id } = await submit(registry);
    registry.advance(10 * day);
    expect((await get(id)).body.result).toMatchObject({ state: 'withdrawn', cause: 'no-notice' });
    expect(problem(await notify(registry, id))).toEqual(['state-conflict', 'ended']);
  });

  test('notice reaches every email and phone, and is told once', async () => {
    const { id } = await submit(registry, { subjects: [{}, { kind: 'email', control: 'otp' }] });
    expect(problem(await notify(registry, id, [0]))).toEqual([
      'notice-required',
      'email-not-written-to',
    ]);
    expect((await notify(registry, id, [1])).status).toBe(200);
    expect(problem(await notify(registry, id, [1]))).toEqual([
      'state-conflict',
      'already-notified',
    ]);
  });

  test('subjects match no longer than their kind allows', async () => {
    const { id } = await submit(registry, {
      statement: {
        gravity: 'repeat',
        exp: Math.floor(registry.now().getTime() / 1000) + 700 * day,
      },
      subjects: [{}, { kind: 'phone', control: 'otp' }],
    });
    const { subjects, expiresAt } = (await get(id)).body.result;
    expect(subjects[0].matchesUntil).toBe(expiresAt);
    expect(Date.parse(subjects[1].matchesUntil)).toBeLessThan(
      registry.now().getTime() + 360 * day * 1000,
    );
  });

  test('what is stored of identifiers and account is sealed', async () => {
    const { id, input } = await submit(registry);
    const rows = await sql<{
      row: string;
    }>`select to_jsonb(s)::text as row from sanctions s where id = ${id}
      union all select to_jsonb(j)::text from subjects j where sanction = ${id}
      union all select to_jsonb(k)::text from kept_calls k where sanction = ${id}`.execute(
      registry.db,
    );
    const text = rows.rows.map(({ row }) => row).join();
    for (const secret of [
      input.tokens[0]!.token,
      input.tokens[0]!.salt,
      input.account.text,
      input.account.salt,
    ]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
      expect(text).not.toContain(Buffer.from(secret).toString('hex'));
    }
    expect(rows.rows.length).toBe(3);
  });

  test('a record made after a match on one of its subjects says so', async () => {
    const { tubely } = registry.parties;
    const token = random32();
    const first = await submit(registry, { subjects: [{ token }] });
    await disclose(registry, { sanction: first.id, to: tubely });
    const echo = await build(registry, { signedBy: tubely.trust, subjects: [{}, { token }] });
    await registry.call(tubely.service, 'sanctions.submit', echo);
    const own = await build(registry, { signedBy: tubely.trust });
    await registry.call(tubely.service, 'sanctions.submit', own);
    const rows = await registry.db
      .selectFrom('sanctions')
      .select('prior_match')
      .where('party', '=', tubely.id)
      .orderBy('submitted_at')
      .execute();
    expect(rows.map((row) => row.prior_match)).toEqual([true, false]);
  });
});

describe('two holders', () => {
  const draftOf = async (options = {}) => {
    const answer = await registry.call(
      registry.parties.harbour.service,
      'sanctions.draft',
      await build(registry, options),
    );
    expect(answer.status, answer.raw.body).toBe(200);
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

  test('notice is withheld by two, held meanwhile, and withdrawn after 14 d without a reviewer', async () => {
    const { harbour } = registry.parties;
    const id = await draftOf({
      statement: {
        reason: 'abuse.swatting',
        evidence: [{ class: 'provider-reference', commitment: random32() }],
        notice: { withheld: 'active-safety-investigation' },
      },
    });
    await confirm(harbour.trust2, id);
    registry.advance(14 * day - hour);
    expect(await stateOf(id)).toBe('held');
    registry.advance(2 * hour);
    expect((await get(id)).body.result).toMatchObject({ state: 'withdrawn', cause: 'no-notice' });
  });
});

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
      [tubely.id, market.id].toSorted().map((party) => ({ party, version: 2, kind: 'undo' })),
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
    await sql`update sanctions set disputed = true where id = ${id}`.execute(registry.db);
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
    const send = async (n: number) => {
      const input = await build(registry, { signedBy: market.trust2 });
      const answer = await registry.call(market.service, 'sanctions.submit', input);
      expect(answer.status, `${n} ${answer.raw.body}`).toBe(200);
      return answer.body.result.sanction as string;
    };
    const kid = market.trust2.kid;
    const before = await send(0);
    registry.advance(60);
    const since = Math.floor(registry.now().getTime() / 1000);
    registry.advance(5);
    await sql`update parties set submissions_per_day = 1000 where id = ${market.id}`.execute(
      registry.db,
    );
    const after: string[] = [];
    for (let n = 0; n < 66; n++) after.push(await send(n));
    await disclose(registry, { sanction: after[0]!, to: tubely });
    const voidSince = (key = market.admin) => registry.call(key, 'sanctions.void', { kid, since });
    expect(problem(await voidSince())).toEqual(['state-conflict', 'not-compromised']);
    await sql`update keys set revoked_at = ${registry.now()}, revoked_why = 'compromised',
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

describe('what time did', () => {
  const settle = async (id: string) => {
    const changes = new Changes({ caller: 'operator', now: registry.now(), unique: random32 });
    await registry.db.transaction().execute(async (trx) => {
      const row = await lockSanction(trx, id);
      await materialise(
        { db: trx, now: registry.now(), changes, services: registry.services },
        row!,
      );
    });
    return changes.list.map(({ entry }) => entry);
  };

  test('a missing notice is written down as an end, once', async () => {
    const { id } = await submit(registry);
    expect(await settle(id)).toEqual([]);
    registry.advance(10 * day);
    const due = (await get(id)).body.result.endedAt;
    expect(await settle(id)).toMatchObject([
      { type: 'sanction-ended', cause: 'early', recalls: { count: 0 } },
    ]);
    expect(await settle(id)).toEqual([]);
    expect((await get(id)).body.result).toMatchObject({
      state: 'withdrawn',
      cause: 'no-notice',
      version: 2,
      endedAt: due,
    });
  });

  test('visibility and expiry are written down, once and in order, and owe nobody a recall', async () => {
    const { id } = await submit(registry, spam());
    await notify(registry, id);
    registry.advance(73 * hour);
    await disclose(registry, { sanction: id, to: registry.parties.tubely });
    registry.advance(60 * day);
    expect(await settle(id)).toMatchObject([
      { type: 'sanction-visible' },
      { type: 'sanction-ended', cause: 'expired', recalls: { count: 0 } },
    ]);
    expect(await settle(id)).toEqual([]);
    expect((await get(id)).body.result).toMatchObject({ state: 'expired', version: 1 });
  });

  test('a withdrawal first writes down that the record was visible', async () => {
    const { id } = await submit(registry, spam());
    await notify(registry, id);
    registry.advance(73 * hour);
    expect(entriesOf(await withdraw(registry, id)).map(({ type }) => type)).toEqual([
      'sanction-visible',
      'sanction-ended',
    ]);
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
    await sql`update keys set revoked_at = ${registry.now()}, revoked_why = 'compromised',
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
