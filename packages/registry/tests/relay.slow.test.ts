import type { Id, OpOutput } from '@recourse/protocol';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  appealCase,
  assign,
  day,
  decide,
  newCase,
  readyCase,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { askNew, resultOf, subject } from './checks-fixture.ts';
import { deliverInspection, examine, takeInspection } from './inspections-harness.ts';
import { concede } from './panel-harness.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

/** What the market hears who asks about both identifiers. */
async function heard({ tokens }: Pick<TestCase, 'tokens'>): Promise<string> {
  const answer = await askNew(registry, registry.parties.market, [tokens[0]!, tokens[1]!]);
  return (resultOf(answer) as OpOutput<'checks.match'>).advice;
}

/** The first reviewer reverses a record of Harbour. */
async function reversed(): Promise<TestCase & { appeal: Id<'apl'> }> {
  const ready = await readyCase(registry, { told: [] });
  const { sanction, appeal, reviewers } = ready;
  const decision = { outcome: 'reversed', cause: 'error' } as const;
  resultOf(await decide(registry, { by: reviewers[0]!.key, sanction, appeal, decision }));
  return ready;
}

/** Harbour ends a record of its own under an appeal. */
async function conceded(): Promise<TestCase> {
  const theCase = await newCase(registry, { told: [] });
  const { id: appeal } = await appealCase(registry, theCase);
  resultOf(await concede(registry, { sanction: theCase.sanction, appeal }));
  return theCase;
}

/** Tubely files the same about the same person, under new salts. */
const relayed = (
  { tokens: [domain, email] }: Pick<TestCase, 'tokens'>,
  options: Parameters<typeof newCase>[1] = {},
): Promise<TestCase> =>
  newCase(registry, {
    by: registry.parties.tubely,
    told: [],
    subjects: [subject('domain', { token: domain! }), subject('email', { token: email! })],
    ...options,
  });

const take = async () => takeInspection(registry, registry.parties.panel[1]);

describe('what a reviewer reversed', () => {
  test('comes back by a partner as verify-identity alone, until another reviewer lets it pass', async () => {
    const relay = await relayed(await reversed());
    registry.advance(6 * day);
    expect(await heard(relay)).toBe('no-record');
    for (const days of [9, 60]) {
      registry.advance(days * day);
      await settleDue(registry.services);
      expect(await heard(relay)).toBe('verify-identity');
    }
    // Who reversed the record before looks at none of its relays.
    expect(problem(await assign(registry, registry.parties.panel[0]))).toEqual(['not-found']);
    const taken = await take();
    expect(taken).toMatchObject({ sanction: relay.sanction, why: 'relay' });
    const seen = await registry.call(taken.by, 'review.get', { appeal: taken.item });
    expect(resultOf(seen)).toMatchObject({ after: { outcome: 'reversed', cause: 'error' } });
    resultOf(await deliverInspection(registry, { ...taken, from: registry.parties.tubely }));
    resultOf(await examine(registry, { by: taken.by, item: taken.item, outcome: 'passed' }));
    expect(await heard(relay)).toBe('review');
  });

  test('is remembered beyond the erasure of its record', async () => {
    const before = await reversed();
    registry.advance(9 * day);
    await settleDue(registry.services);
    const left = sql`select from subjects where sanction = ${before.sanction}`;
    expect((await left.execute(registry.ownerDb)).rows).toEqual([]);
    const then = Math.floor(registry.now().getTime() / 1000) - 10 * day;
    const statement = { incident_from: then - 2 * day, incident_to: then };
    const provenAt = then - day;
    const [domain, email] = before.tokens;
    const relay = await relayed(before, {
      statement,
      subjects: [
        subject('domain', { token: domain!, provenAt }),
        subject('email', { token: email!, provenAt }),
      ],
    });
    registry.advance(15 * day);
    expect(await heard(relay)).toBe('verify-identity');
  });

  test('says nothing about later conduct', async () => {
    const before = await reversed();
    registry.advance(20 * day);
    const later = await relayed(before, { told: [] });
    expect(await rowOf(later.sanction)).toEqual({ relayed: false, examined: 0 });
    expect(await heard(later)).toBe('review');
  });

  test('and conceded holds a record of another for 7 d, and no longer', async () => {
    const relay = await relayed(await conceded());
    expect(await rowOf(relay.sanction)).toEqual({ relayed: true, examined: 0 });
    registry.advance(6 * day);
    expect(await heard(relay)).toBe('no-record');
    registry.advance(5 * day);
    expect(await heard(relay)).toBe('review');
  });

  test('of a record that its own platform brings back, another rule speaks', async () => {
    const before = await reversed();
    const again = relayed(before, { by: registry.parties.harbour });
    await expect(again).rejects.toThrow('already-decided');
  });
});

async function rowOf(sanction: string): Promise<unknown> {
  const { rows } = await sql`select relayed, (
      select count(*)::int from inspections u where u.sanction = s.id and u.why = 'relay') as examined
    from sanctions s where s.id = ${sanction}`.execute(registry.db);
  return rows[0];
}

describe('the service role, by SQL', () => {
  const attack = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));

  test('lets no record pass after a reversal, nor answers it with review', async () => {
    const relay = await relayed(await reversed());
    const { sanction } = relay;
    const open = `sanction = '${sanction}' and why = 'relay'`;
    for (const as of ['ended', 'undecided', 'lifted']) {
      expect(
        await attack(`update inspections set closed_at = now(), closed_as = '${as}' where ${open}`),
      ).toBe('23514');
    }
    expect(await attack(`update inspections set why = 'drawn' where ${open}`)).toBe('42501');
    expect(await attack(`update inspections set deciders = '{}' where ${open}`)).toBe('42501');
    expect(await attack(`update sanctions set relayed = false where id = '${sanction}'`)).toBe(
      '23514',
    );
    registry.advance(15 * day);
    expect(await heard(relay)).toBe('verify-identity');
    expect(
      await attack(`update matches set advice = 'review' where sanction = '${sanction}'`),
    ).toBe('23514');
    expect(await attack(`update reversals set until = now()`)).toBe('42501');
  });

  test('shows none sooner than 7 d after its notice', async () => {
    const relay = await relayed(await conceded());
    const hours = `interval '100 hours'`;
    expect(
      await attack(
        `update subjects set review_from = delivered_at + ${hours} where sanction = '${relay.sanction}'`,
      ),
    ).toBe('23514');
  });
});
