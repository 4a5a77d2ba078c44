import { type Entry, type Opening } from '@recourse/protocol';
import { random32, startTestRegistry, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Changes } from '../src/commit/changes.ts';
import { applyDueSteps } from '../src/records/apply-due-steps.ts';
import { lockSanction } from '../src/records/store.ts';
import {
  build,
  count,
  day,
  disclose,
  notify,
  problem,
  stateNotice,
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
    // On a Sunday, so that no hold ends on a day nobody works.
    registry.advance(100 * hour);
    const answer = await notify(registry, id);
    expect(answer.body.result).toMatchObject({ sanction: id, state: 'held', version: 1 });
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
    const { history } = (await get(id)).body.result;
    expect(history.map(({ event }: { event: string }) => event)).toEqual([
      'submitted',
      'notice-delivered',
      'visible',
    ]);
  });

  test('no notice in 7 d: withdrawn, and no late notice revives it', async () => {
    const { id } = await submit(registry);
    registry.advance(10 * day);
    expect((await get(id)).body.result).toMatchObject({ state: 'withdrawn', cause: 'no-notice' });
    expect(problem(await stateNotice(registry, id))).toEqual(['state-conflict', 'ended']);
  });

  test('stated, it is held for 72 h where the reason says now, and stated once', async () => {
    const { id } = await submit(registry);
    const answer = await stateNotice(registry, id);
    expect(answer.body.result.state).toBe('held');
    expect(entriesOf(answer).map(({ type }) => type)).toEqual(['notice-stated']);
    expect(problem(await stateNotice(registry, id))).toEqual([
      'state-conflict',
      'already-notified',
    ]);
    registry.advance(6 * day);
    expect(await stateOf(id)).toBe('visible');
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
    const derived = await build(registry, { signedBy: tubely.trust, subjects: [{}, { token }] });
    await registry.call(tubely.service, 'sanctions.submit', derived);
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

describe('what time did', () => {
  const settle = async (id: string) => {
    const changes = new Changes({ caller: 'operator', now: registry.now(), unique: random32 });
    await registry.db.transaction().execute(async (trx) => {
      const row = await lockSanction(trx, id);
      await applyDueSteps(
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
