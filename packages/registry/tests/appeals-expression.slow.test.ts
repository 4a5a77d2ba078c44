import type { SanctionStatement } from '@recourse/protocol';
import { random32, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  advanceTo,
  answers,
  appealCase,
  appealOf,
  claimCase,
  day,
  decide,
  eventsOf,
  impersonation,
  newCase,
  recallsOf,
  sanctionOf,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf, subject } from './checks-fixture.ts';
import { takeInspection } from './inspections-harness.ts';
import { itemRows } from './panel-harness.ts';
import { build, problem, sqlState, submit } from './sanctions-harness.ts';
import { countDue } from './due-fixture.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const memo = () => ({ class: 'review-memo' as const, commitment: random32() });

/** Speech, as its author's opponents report it. */
const speech = (): Record<string, Partial<SanctionStatement>> => ({
  doxxing: {
    reason: 'abuse.doxxing',
    evidence: [memo(), { class: 'victim-report', commitment: random32() }],
  },
  threat: { reason: 'abuse.threat', evidence: [memo(), memo()] },
  impersonation: {
    reason: 'identity.impersonation',
    evidence: [{ class: 'claimant-verification', commitment: random32() }],
  },
});

async function appealed(
  options: Parameters<typeof newCase>[1] = {
    statement: impersonation(),
    shown: true,
  },
) {
  const theCase = await newCase(registry, options);
  const row = await appealCase(registry, theCase, { ground: 'expression' });
  return { ...theCase, appeal: row.id, row };
}

const relieve = (appeal: string, until: string | null, by = registry.parties.panel[0]) =>
  registry.call(by, 'review.relieve', { appeal: appeal as `apl_${string}`, until });
const inDays = (days: number): string =>
  new Date(registry.now().getTime() + days * day * 1000).toISOString().replace(/\.\d+/, '');
const stateOf = async ({ sanction, tokens }: TestCase) => {
  const { state, suspendedFor } = await sanctionOf(registry, sanction);
  return [state, suspendedFor.join(), await answers(registry, tokens[0]!)];
};

/** Its reviewers say that it was speech, or what it was instead. */
async function reverse(
  opened: TestCase & { appeal: `apl_${string}`; row: { reviewers: number } },
  cause: 'expression' | 'authority-origin' | 'error' = 'expression',
): Promise<void> {
  for (const by of registry.parties.panel.slice(0, opened.row.reviewers)) {
    await claimCase(registry, by, opened.appeal);
    resultOf(await decide(registry, { ...opened, by, decision: { outcome: 'reversed', cause } }));
  }
}

describe('relief', () => {
  test('that nobody decided in 3 d is granted: right when read, then written with its pause', async () => {
    const { tubely } = registry.parties;
    const opened = await appealed();
    expect((await appealOf(registry, opened.appeal)).reliefDueAt).toBeDefined();
    advanceTo(registry, opened.row.relief_due_at!, -60);
    expect(await stateOf(opened)).toEqual(['visible', '', true]);
    advanceTo(registry, opened.row.relief_due_at!);
    expect(await stateOf(opened)).toEqual(['suspended', 'relief', false]);
    expect(await recallsOf(registry, opened.sanction)).toEqual([]);
    const { failures } = await settleDue(registry.services);
    const remaining = await countDue(registry);
    expect([failures, remaining]).toEqual([[], 0]);
    const recalls = (await recallsOf(registry, opened.sanction)).filter(
      ({ party }) => party === tubely.id,
    );
    expect(recalls).toMatchObject([{ kind: 'pause' }]);
    expect(await eventsOf(registry, { ...opened, party: tubely.id })).toContain(
      'sanction-suspended',
    );
    // Until the decision, not for fourteen days.
    registry.advance(15 * day);
    expect(await stateOf(opened)).toEqual(['suspended', 'relief', false]);
  });

  test('granted late stands until the decision, and goes with it', async () => {
    // From a Wednesday, relief would be due after the last day of a dismissal.
    while (registry.now().getUTCDay() !== 1) registry.advance(day);
    const opened = await appealed();
    await claimCase(registry, registry.parties.panel[0], opened.appeal);
    await claimCase(registry, registry.parties.panel[1], opened.appeal);
    advanceTo(registry, opened.row.relief_due_at!);
    for (const until of [null, inDays(2)]) {
      expect(problem(await relieve(opened.appeal, until))).toEqual([
        'state-conflict',
        'already-relieved',
      ]);
    }
    for (const by of registry.parties.panel.slice(0, 2)) {
      const decision = { outcome: 'dismissed' } as const;
      resultOf(await decide(registry, { ...opened, by, decision }));
    }
    expect(await stateOf(opened)).toEqual(['visible', '', true]);
  });

  test('refused in time: the record answers on; once, and only where it is due', async () => {
    const opened = await appealed();
    await claimCase(registry, registry.parties.panel[0], opened.appeal);
    expect(resultOf(await relieve(opened.appeal, null))).toMatchObject({ until: null, recalls: 0 });
    expect(problem(await relieve(opened.appeal, null))).toEqual(['state-conflict', 'not-due']);
    expect((await appealOf(registry, opened.appeal)).reliefDueAt).toBeUndefined();
    advanceTo(registry, opened.row.relief_due_at!);
    expect(await stateOf(opened)).toEqual(['visible', '', true]);
    const other = await newCase(registry);
    const { id } = await appealCase(registry, other, { ground: 'procedure' });
    await claimCase(registry, registry.parties.panel[0], id);
    expect(problem(await relieve(id, null))).toEqual(['state-conflict', 'not-due']);
  });

  test('granted in time ends when it says, and is not granted again by itself', async () => {
    const opened = await appealed();
    await claimCase(registry, registry.parties.panel[0], opened.appeal);
    resultOf(await relieve(opened.appeal, inDays(1)));
    expect(await stateOf(opened)).toEqual(['suspended', 'relief', false]);
    advanceTo(registry, opened.row.relief_due_at!);
    expect(await stateOf(opened)).toEqual(['visible', '', true]);
  });

  test('is neither put off nor refused late, by SQL', async () => {
    const opened = await appealed();
    const at = opened.row.relief_due_at!.toISOString();
    const attack = (set: string) =>
      sqlState(
        sql.raw(`update appeals set ${set} where id = '${opened.appeal}'`).execute(registry.db),
      );
    const decided = `relief_decided_as = 'refused', relief_decided_at`;
    expect(await attack(`relief_due_at = now() + interval '9 days'`)).toBe('23514');
    expect(await attack(`${decided} = '${at}'`)).toBe('23514');
    await sql`alter table appeals drop constraint appeals_relief_in_time`.execute(registry.ownerDb);
    expect(await attack(`${decided} = '${at}'`)).toBe('accepted');
    expect(await attack(`relief_decided_as = null, relief_decided_at = null`)).toBe('23514');
    await sql`drop trigger appeals_relief_final on appeals`.execute(registry.ownerDb);
    expect(await attack(`relief_decided_as = null, relief_decided_at = null`)).toBe('accepted');
  });

  test('two reviewers decide speech, and it has relief to be decided, by SQL', async () => {
    const opened = await appealed();
    const doxxing = { statement: speech()['doxxing']! };
    const { id } = await appealCase(registry, await newCase(registry, doxxing));
    const ground = (appeal: string, set: string) =>
      sqlState(
        sql.raw(`update appeals set ${set} where id = '${appeal}'`).execute(registry.ownerDb),
      );
    await sql`drop trigger appeals_reviewers_grow on appeals`.execute(registry.ownerDb);
    expect(await ground(opened.appeal, 'reviewers = 1')).toBe('23514');
    expect(await ground(id, `ground = 'expression', reviewers = 2`)).toBe('23514');
    await sql`alter table appeals drop constraint appeals_expression_two`.execute(registry.ownerDb);
    await sql`drop trigger appeals_speech on appeals`.execute(registry.ownerDb);
    expect(await ground(opened.appeal, 'reviewers = 1')).toBe('accepted');
    expect(await ground(id, `ground = 'expression', reviewers = 2`)).toBe('accepted');
  });
});

describe('who records speech', () => {
  const asked = async () =>
    (await itemRows(registry)).map(({ kind, closed_by }) => ({ kind, open: closed_by === null }));
  const once = [{ kind: 'speech', open: true }];
  /** Whether what Harbour submits now is held until reviewers have decided. */
  const held = async (): Promise<boolean> => {
    const { id } = await submit(registry);
    const { backlogged } = await registry.db
      .selectFrom('sanctions')
      .select('backlogged')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return backlogged;
  };

  test.each(['doxxing', 'threat', 'impersonation'])(
    'speech reported as %s ends in expression, and holds what its repeat author records',
    async (name) => {
      const first = await appealed({ statement: speech()[name]! });
      await reverse(first);
      expect(await sanctionOf(registry, first.sanction)).toMatchObject({
        state: 'reversed',
        cause: 'expression',
      });
      expect([await asked(), await held()]).toEqual([[], false]);
      await reverse(await appealed({ statement: speech()[name]! }));
      expect([await asked(), await held()]).toEqual([once, true]);
      const { suspensions } = resultOf(
        await registry.call(registry.parties.harbour.service, 'parties.standing', {}),
      ) as { suspensions: object[] };
      expect(suspensions).toEqual([]);
    },
  );

  test('speech reported as ban evasion ends in expression, and counts', async () => {
    await reverse(await appealed());
    const banned = await newCase(registry, { told: [] });
    registry.advance(60);
    const now = Math.floor(registry.now().getTime() / 1000);
    const provenAt = now - 30;
    const evading = await appealed({
      statement: {
        reason: 'network.ban-evasion',
        evidence: [{ class: 'link-analysis', commitment: random32() }],
        decided_at: now,
        incident_from: now - 60,
        incident_to: now - 30,
        exp: now + 100 * day,
      },
      evades: banned.sanction,
      subjects: [
        { ...subject('domain'), provenAt },
        { ...subject('email'), provenAt },
      ],
      told: [],
    });
    // One reviewer decides it, and a second confirms the cause.
    await reverse(evading);
    expect((await sanctionOf(registry, banned.sanction)).state).toBe('visible');
    expect(await asked()).toEqual([]);
    const taken = await takeInspection(registry, registry.parties.panel[2]);
    const { sanction, item, by } = taken;
    const decision = { outcome: 'failed', cause: 'expression' } as const;
    resultOf(await decide(registry, { sanction, appeal: item, by, decision }));
    expect(await asked()).toEqual(once);
  });

  test('reversed for another cause, speech holds nothing', async () => {
    await reverse(await appealed(), 'error');
    await reverse(await appealed(), 'error');
    expect([await asked(), await held()]).toEqual([[], false]);
  });

  test('what two decisions at once both missed the scheduler asks, once', async () => {
    await reverse(await appealed());
    await reverse(await appealed());
    await sql`delete from panel_items`.execute(registry.ownerDb);
    const { failures } = await settleDue(registry.services);
    const remaining = await countDue(registry);
    expect([failures, remaining, await asked()]).toEqual([[], 0, once]);
  });

  test('a flagger for an authority is refused by name, and one that nobody knows is refused', async () => {
    const { harbour } = registry.parties;
    const send = async (origin: SanctionStatement['origin']) =>
      problem(
        await registry.call(
          harbour.service,
          'sanctions.submit',
          await build(registry, { statement: { origin } }),
        ),
      );
    expect(await send({ 'trusted-flagger': 'tf-0002' })).toEqual([
      'authority-origin-not-accepted',
      'authority',
    ]);
    expect(await send({ 'trusted-flagger': 'tf-9999' })).toEqual([
      'invalid-input',
      'unknown-flagger',
    ]);
  });
});
