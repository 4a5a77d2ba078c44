import { random32, type TestRegistry } from '@recourse/testkit';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawQuarter } from '../src/review/inspection-opening.ts';
import { quarterOf } from '../src/review/draw.rules.ts';
import {
  advanceTo,
  appealCase,
  claimCase,
  deliver,
  newCase,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { act } from './recalls-fixture.ts';
import { byBoth } from './parties-operator-fixtures.ts';
import { logAndSign, recoveredAfter } from './recovery-fixture.ts';
import { withdraw } from './sanctions-harness.ts';

let live: TestRegistry;
let dump: TestRegistry;
let rejected: TestCase & { appeal: string };
let ended: TestCase;
let restricted: TestCase;

beforeAll(async () => {
  live = await startAppealRegistry();
  const [reviewer] = live.parties.panel;
  const artefact = () => ({ class: 'captured-artefact' as const, commitment: random32() });
  const theCase = await newCase(live, { statement: { evidence: [artefact(), artefact()] } });
  const { id: appeal } = await appealCase(live, theCase);
  rejected = { ...theCase, appeal };
  const taken = await claimCase(live, reviewer, appeal);
  for (const item of [0, 1]) {
    resultOf(await deliver(live, { appeal, to: [taken], item }));
  }
  ended = await newCase(live);
  restricted = await newCase(live);
  for (let n = 0; n < 3; n++) await newCase(live);
  ({ dump } = await recoveredAfter(live, async (signer) => {
    const why = 'illegal-media';
    const rejection = { appeal, item: 1, why } as const;
    resultOf(await live.call(reviewer, 'evidence.reject', rejection));
    for (const [{ sanction }, effect] of [
      [ended, 'end'] as const,
      [restricted, 'restrict'] as const,
    ]) {
      const date = Math.floor(live.now().getTime() / 1_000) - 60;
      const order = { sanction, effect, body: 'court', date, reference: random32() } as const;
      resultOf(await byBoth(live, 'orders.execute', order));
    }
    await logAndSign(live, signer);
    const { start } = quarterOf(live.now());
    advanceTo(live, new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 3)));
    await live.ownerDb.updateTable('ledger_checkpoints').set({ at: live.now() }).execute();
    await act(live, ended.sanction, (ctx) => drawQuarter(ctx, live.parties.harbour.id));
    const [drawn] = await live.db
      .selectFrom('inspections')
      .select('sanction')
      .orderBy('sanction')
      .execute();
    resultOf(await withdraw(live, drawn!.sanction));
  }));
});
afterAll(async () => {
  await live.close();
  await dump.close();
});

/** What both databases say to each question, the live one first, and to each something. */
async function both(...questions: RawBuilder<unknown>[]): Promise<[unknown, unknown]> {
  const [before, after] = await Promise.all(
    [live, dump].map(({ db }) => Promise.all(questions.map((question) => question.execute(db)))),
  );
  if (before!.some(({ rows }) => rows.length === 0)) throw new Error('nothing is there');
  return [before!.map(({ rows }) => rows), after!.map(({ rows }) => rows)];
}

describe('a restored copy', () => {
  test('destroys evidence again that was rejected, and owes a fit one until when it did', async () => {
    const [before, after] = await both(
      sql`select item, round, sealed is null as gone, rejected_why from deliveries
      order by item, round`,
      sql`select evidence_confirmed_at, evidence_due_at is null as owes_none,
      date_trunc('second', evidence_due_at) as due, date_trunc('second', evidence_lapses_at) as lapses
      from appeals where id = ${rejected.appeal}`,
      sql`select cause from sanction_events where sanction = ${rejected.sanction}
      and event = 'evidence-rejected'`,
    );
    expect(after).toEqual(before);
  });

  test('regains the orders of courts, what they did, and which two people did it', async () => {
    const [before, after] = await both(
      sql`select proposal, sanction, effect, body, dated, reference from orders order by proposal`,
      sql`select id, op, proposed_by, executed_by from proposals
      where op = 'orders.execute' order by id`,
      sql`select sanction, kind, cause, by_party from ends where sanction = ${ended.sanction}`,
      sql`select cause, date_trunc('second', lifted_at) as lifted from suspensions where sanction = ${restricted.sanction}`,
    );
    expect(after).toEqual(before);
  });

  test('inspects what was drawn, for as long, and no more what was inspected', async () => {
    const [before, after] = await both(
      sql`select sanction, why, closed_as, date_trunc('second', due_at) as due from inspections
      order by sanction`,
      sql`select party, quarter, size, root, eligible, drawn from inspection_draws`,
    );
    expect(after).toEqual(before);
  });
});
