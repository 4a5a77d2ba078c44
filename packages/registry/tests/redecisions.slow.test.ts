import type { Decision, Id } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  answers,
  day,
  decide,
  readyCase,
  recallsOf,
  sanctionOf,
  startAppealRegistry,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import {
  inspectionRows,
  countedOf,
  deliverInspection,
  examine,
  serveAnd,
  takeInspection,
} from './inspections-harness.ts';
import { acknowledge } from './recalls-fixture.ts';
import { report } from './report-fixture.ts';
import { problem, sqlState, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
let first: TestKey;
let second: TestKey;
beforeEach(async () => {
  registry = await startAppealRegistry();
  [first, second] = registry.parties.panel;
});
afterEach(() => registry.close());

type Ready = Awaited<ReturnType<typeof readyCase>>;

/** An appeal that the first reviewer decided so, drawn to be decided again or not. */
async function decided(
  decision: Partial<Decision>,
  { draws = true }: { draws?: boolean } = {},
): Promise<Ready> {
  const theCase = await readyCase(registry);
  const { sanction, appeal } = theCase;
  // As if whoever appealed had proven an identifier: else it counts in nothing.
  await registry.ownerDb.updateTable('appeals').set({ proven: true }).execute();
  resultOf(await decide(registry, { by: first, sanction, appeal, decision }));
  await serveAnd(registry, { appeal, draws });
  return theCase;
}

const upheld = { outcome: 'upheld' } as const;
const reversed = { outcome: 'reversed', cause: 'error' } as const;
const stateOf = async (sanction: string) =>
  ((await sanctionOf(registry, sanction)) as { state: string }).state;
const again = async () => {
  const { panel, comparison } = await report(registry);
  // Appeals are opened beside the log here: only what is counted of decisions that are made again is compared.
  const differences = comparison.differences.filter(({ figure }) => figure.startsWith('again.'));
  return { ...panel.decidedAgain, differences };
};
const none = {
  drawn: 0,
  agreed: 0,
  differed: 0,
  lapsed: 0,
  undelivered: 0,
  moot: 0,
};
const agree = { differences: [] };

/** Taken by the second reviewer, delivered, and voted on. */
async function decideAgain(outcome: 'passed' | 'failed'): Promise<Id<'itm'>> {
  const taken = await takeInspection(registry, second);
  resultOf(await deliverInspection(registry, taken));
  resultOf(await examine(registry, { by: second, item: taken.item, outcome }));
  return taken.item;
}

describe('5 % of decisions are decided again by another', () => {
  test('once its entry was shown to readers, and not before', async () => {
    const theCase = await readyCase(registry);
    const { sanction, appeal } = theCase;
    resultOf(await decide(registry, { by: first, sanction, appeal, decision: upheld }));
    await settleDue(registry.services);
    expect(problem(await registry.call(second, 'review.claim', {}))).toEqual(['not-found']);
    await serveAnd(registry, { appeal, draws: true });
    const { why } = await takeInspection(registry, second);
    expect(why).toBe('decision');
  });

  test('what is not drawn is left alone', async () => {
    const { sanction } = await decided(upheld, { draws: false });
    expect(problem(await registry.call(second, 'review.claim', {}))).toEqual(['not-found']);
    expect(await stateOf(sanction)).toBe('visible');
    expect(await again()).toEqual({ ...none, ...agree });
  });

  test('nobody chooses, whoever writes it', async () => {
    const { appeal } = await decided(upheld, { draws: false });
    const change = (set: string) =>
      sqlState(
        sql.raw(`update redecisions set ${set} where appeal = '${appeal}'`).execute(registry.db),
      );
    expect(await change('drawn = true')).toBe('23514');
    await sql`alter table redecisions disable trigger redecisions_final`.execute(registry.ownerDb);
    expect(await change('drawn = true')).toBe('23514');
    expect(await change(`root = sha256('other')`)).toBe('42501');
    const inspection = sql`with r as (
        insert into reviews (id, sanction) select 'itm_' || repeat('0', 26), sanction from redecisions
      )
      insert into inspections (id, sanction, why, appeal, opened_at, due_at)
      select 'itm_' || repeat('0', 26), sanction, 'decision', appeal, now(), now() + interval '1 day'
      from redecisions`;
    expect(await sqlState(inspection.execute(registry.db))).toBe('42501');
    await sql`alter policy inspections_open on inspections with check (true)`.execute(
      registry.ownerDb,
    );
    expect(await sqlState(inspection.execute(registry.db))).toBe('accepted');
  });
});

describe('the other reviewer', () => {
  test('is none who came before the record', async () => {
    await decided(upheld);
    expect(problem(await registry.call(first, 'review.claim', {}))).toEqual(['not-found']);
    const assign = sql`insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
      select id, sanction, ${first.holder}, ${first.kid}, ${registry.now()}, ${registry.now()}, id from inspections`;
    expect(await sqlState(assign.execute(registry.db))).toBe('42501');
    await sql`alter policy assignments_independent on assignments with check (true)`.execute(
      registry.ownerDb,
    );
    expect(await sqlState(assign.execute(registry.db))).toBe('accepted');
  });

  test('reads the appeal, and not how it was decided', async () => {
    await decided({ outcome: 'reversed', cause: 'mistaken-identity' });
    const { item } = await takeInspection(registry, second);
    const read = resultOf(await registry.call(second, 'review.get', { appeal: item }));
    expect(read).toMatchObject({
      why: 'decision',
      again: {
        ground: 'disproportionate',
        words: 'I only shared a screenshot of it.',
        information: [],
        questions: [{ kind: 'gist', answers: [{ claimant: 1, text: 'That domain was sold.' }] }],
      },
    });
    const text = JSON.stringify(read);
    for (const word of ['reversed', 'mistaken', 'What was delivered shows']) {
      expect(text).not.toContain(word);
    }
    expect(problem(await registry.call(first, 'review.get', { appeal: item }))).toEqual([
      'not-found',
    ]);
  });

  test('judges no later appeal of the record', async () => {
    const { sanction } = await decided(upheld);
    await decideAgain('passed');
    const { rows } = await sql<{ may: boolean }>`
      select is_new_to(${sanction}, ${second.holder}, null) as may`.execute(registry.db);
    expect(rows).toEqual([{ may: false }]);
  });
});

describe('disagreement reverses, in the favour of the creator only', () => {
  test('upheld and found wrong: reversed, with its recalls, and counted once', async () => {
    const { sanction, tokens } = await decided(upheld);
    expect(await countedOf(registry)).toEqual([1, 0]);
    expect(await answers(registry, tokens[0]!)).toBe(true);
    await decideAgain('failed');
    expect(await answers(registry, tokens[0]!)).toBe(false);
    expect(await stateOf(sanction)).toBe('reversed');
    const kinds = (await recallsOf(registry, sanction)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['undo']));
    expect(await countedOf(registry)).toEqual([1, 1]);
    expect(await again()).toEqual({ ...none, drawn: 1, differed: 1, ...agree });
  });

  test('upheld twice: nothing changes', async () => {
    const { sanction } = await decided(upheld);
    await decideAgain('passed');
    expect(await stateOf(sanction)).toBe('visible');
    expect(await countedOf(registry)).toEqual([1, 0]);
    expect(await again()).toEqual({ ...none, drawn: 1, agreed: 1, ...agree });
  });

  test.each([
    ['passed', 'differed'],
    ['failed', 'agreed'],
  ] as const)('a reversed one is never revived: %s', async (outcome, figure) => {
    const { sanction } = await decided(reversed);
    const before = await recallsOf(registry, sanction);
    await decideAgain(outcome);
    expect(await stateOf(sanction)).toBe('reversed');
    expect(await recallsOf(registry, sanction)).toEqual(before);
    expect(await countedOf(registry)).toEqual([1, 1]);
    expect(await again()).toEqual({ ...none, drawn: 1, [figure]: 1, ...agree });
  });

  test('upheld on a record that had ended, and found wrong: a finding', async () => {
    const theCase = await readyCase(registry);
    const { sanction, appeal } = theCase;
    await registry.ownerDb
      .updateTable('sanctions')
      .set({ expires_at: new Date(registry.now().getTime() + 1000) })
      .where('id', '=', sanction)
      .execute();
    registry.advance(2);
    await settleDue(registry.services);
    resultOf(await decide(registry, { by: first, sanction, appeal, decision: upheld }));
    await serveAnd(registry, { appeal, draws: true });
    await decideAgain('failed');
    expect(await stateOf(sanction)).toBe('expired');
    const kinds = (await recallsOf(registry, sanction)).map(({ kind }) => kind);
    expect(kinds).toEqual(['undo']);
    expect(await countedOf(registry)).toEqual([1, 1]);
    expect(await again()).toMatchObject({ differed: 1, ...agree });
  });
});

describe('where it is not decided again', () => {
  test('in time, nothing changes, and that is counted', async () => {
    const { sanction } = await decided(upheld);
    registry.advance(33 * day);
    await settleDue(registry.services);
    expect(await inspectionRows(registry)).toEqual([{ outcome: null, closed_as: 'undecided' }]);
    expect(await stateOf(sanction)).toBe('visible');
    expect(await again()).toMatchObject({ drawn: 1, lapsed: 1, ...agree });
  });

  test('for want of evidence, the record is reversed, before any job ran', async () => {
    const { sanction } = await decided(upheld);
    await takeInspection(registry, second);
    registry.advance(10 * day);
    expect(await stateOf(sanction)).toBe('reversed');
    await settleDue(registry.services);
    expect(await inspectionRows(registry)).toEqual([
      { outcome: 'failed', closed_as: 'undelivered' },
    ]);
    expect(await again()).toMatchObject({ drawn: 1, undelivered: 1, ...agree });
  });

  test('of a record that had ended, nothing follows from what is not delivered', async () => {
    await decided(reversed);
    await takeInspection(registry, second);
    registry.advance(33 * day);
    await settleDue(registry.services);
    expect(await inspectionRows(registry)).toEqual([{ outcome: null, closed_as: 'undecided' }]);
    expect(await countedOf(registry)).toEqual([1, 1]);
  });

  test('it is not dodged by a withdrawal', async () => {
    const { sanction } = await decided(upheld);
    resultOf(await withdraw(registry, sanction));
    expect(await inspectionRows(registry)).toEqual([{ outcome: 'failed', closed_as: 'ended' }]);
    expect(await countedOf(registry)).toEqual([1, 1]);
  });
});

test('a reversal keeps its texts until it is drawn, a day at most', async () => {
  const theCase = await readyCase(registry);
  const { sanction, appeal } = theCase;
  resultOf(await decide(registry, { by: first, sanction, appeal, decision: reversed }));
  for (const { id } of await registry.db.selectFrom('recalls').select('id').execute()) {
    await acknowledge(registry, id);
  }
  const erase = () =>
    sqlState(sql`select erase_texts(${sanction}, ${registry.now()})`.execute(registry.db));
  await settleDue(registry.services);
  expect(await erase()).toBe('23514');
  registry.advance(day);
  expect(await erase()).toBe('accepted');
});

test('what a decision rests on is not erased while it is made again', async () => {
  const { sanction } = await decided(reversed);
  for (const { id } of await registry.db.selectFrom('recalls').select('id').execute()) {
    await acknowledge(registry, id);
  }
  const erase = sql`select erase_texts(${sanction}, ${registry.now()})`;
  await settleDue(registry.services);
  const erased = () =>
    registry.db
      .selectFrom('sanctions')
      .select('texts_erased_at')
      .where('id', '=', sanction)
      .executeTakeFirstOrThrow();
  expect((await erased()).texts_erased_at).toBeNull();
  expect(await sqlState(erase.execute(registry.db))).toBe('23514');
  await decideAgain('failed');
  await settleDue(registry.services);
  expect((await erased()).texts_erased_at).not.toBeNull();
});
