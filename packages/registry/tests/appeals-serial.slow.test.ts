import type { CaseView, Decision, Id } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appealCase,
  assign,
  claimCase,
  day,
  decide,
  impersonation,
  newCase,
  sanctionOf,
  startAppealRegistry,
  takeWithKey,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { deliverInspection, examine, takeInspection } from './inspections-harness.ts';
import { problem, sqlState, tried } from './sanctions-harness.ts';

/** One reviewer cannot empty the registry. */
let registry: TestRegistry;
let first: TestKey;
let second: TestKey;
let third: TestKey;
beforeEach(async () => {
  registry = await startAppealRegistry();
  [first, second, third] = registry.parties.panel;
});
afterEach(() => registry.close());

const reversed = { outcome: 'reversed', cause: 'error' } as const;

interface OpenAppeal {
  readonly sanction: Id<'snc'>;
  readonly appeal: Id<'apl'>;
}

async function opened(): Promise<OpenAppeal> {
  const theCase = await newCase(registry, { told: [] });
  const { id: appeal } = await appealCase(registry, theCase);
  return { sanction: theCase.sanction, appeal };
}

async function taken(by: TestKey, appeal?: OpenAppeal): Promise<OpenAppeal> {
  const target = appeal ?? (await opened());
  await claimCase(registry, by, target.appeal);
  return target;
}

const vote = async (by: TestKey, appeal: OpenAppeal, decision: Partial<Decision> = reversed) =>
  resultOf(await decide(registry, { ...appeal, by, decision })) as {
    state: string;
    outcome?: string;
  };

/** What the first reviewer reverses on their own word in a day. */
async function tenReversed(): Promise<void> {
  for (let n = 0; n < 10; n++) {
    expect(await vote(first, await taken(first))).toMatchObject({ state: 'decided' });
  }
}

async function eleventh(): Promise<OpenAppeal> {
  await tenReversed();
  const target = await taken(first);
  expect(await vote(first, target)).toEqual({
    appeal: target.appeal,
    state: 'awaiting-another',
    recalls: 0,
  });
  expect(await stateOf(target)).toBe('visible');
  return target;
}

const stateOf = async ({ sanction }: OpenAppeal): Promise<string> =>
  ((await sanctionOf(registry, sanction)) as { state: string }).state;

test('the eleventh reversal in a day waits for a second, and is confirmed', async () => {
  const target = await eleventh();
  await taken(second, target);
  expect(await vote(second, target, { ...reversed, cause: 'victim' })).toMatchObject({
    state: 'decided',
    outcome: 'reversed',
  });
  expect(await stateOf(target)).toBe('reversed');
});

test('where the second disagrees a third decides: disagreement does not reverse', async () => {
  const target = await eleventh();
  await taken(second, target);
  expect(await vote(second, target, { outcome: 'dismissed' })).toMatchObject({
    state: 'awaiting-another',
  });
  expect(await stateOf(target)).toBe('visible');
  await taken(third, target);
  expect(await vote(third, target, { outcome: 'dismissed' })).toMatchObject({
    state: 'decided',
    outcome: 'dismissed',
  });
  expect(await stateOf(target)).toBe('visible');
});

test('nor does it reverse what two decide', async () => {
  const about = { told: [], statement: impersonation(), shown: true } as const;
  const theCase = await newCase(registry, about);
  await tenReversed();
  const { id: appeal } = await appealCase(registry, theCase, { ground: 'expression' });
  const target = { sanction: theCase.sanction, appeal };
  await taken(second, target);
  expect(await vote(second, target, { outcome: 'dismissed' })).toMatchObject({
    state: 'awaiting-another',
  });
  await taken(first, target);
  expect(await vote(first, target)).toMatchObject({ state: 'awaiting-another' });
  expect(await stateOf(target)).toBe('visible');
});

test('a day later they reverse on their own word again', async () => {
  await tenReversed();
  const later = await opened();
  registry.advance(day + 1);
  await taken(first, later);
  expect(await vote(first, later)).toMatchObject({ state: 'decided' });
});

test('no server carries out what nobody confirmed, nor asks fewer reviewers', async () => {
  const { appeal, sanction } = await eleventh();
  const attack = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));
  const asOwner = (statement: string) => sql.raw(statement).execute(registry.ownerDb);
  const close = `update appeals set closed_at = now(), closed_as = 'decided', outcome = 'reversed',
    cause = 'error' where id = '${appeal}'`;
  const end = `with e as (
      insert into ends (sanction, kind, cause, at, by_party, artefact)
      select sanction, 'reversed', 'error', now(), 'panel', artefact from decisions where review = '${appeal}' returning at)
    update sanctions set ended_early_at = e.at from e where id = '${sanction}'`;
  const amend = `update sanctions set amended_until = expires_at, amendment = (
    select artefact from decisions where review = '${appeal}') where id = '${sanction}'`;
  const fewer = `update appeals set reviewers = 1 where id = '${appeal}'`;
  const unmark = `update decisions set serial = false where review = '${appeal}'`;
  const rows = [
    [fewer, 'drop trigger appeals_reviewers_grow on appeals', '23514'],
    [end, 'drop trigger ends_decided on ends', '23514'],
    [amend, 'drop trigger sanctions_amendment_decided on sanctions', '23514'],
    [close, 'drop trigger appeals_serial_confirmed on appeals', '23514'],
  ] as const;
  expect(await attack(unmark)).toBe('42501');
  for (const [statement, control, refused] of rows) {
    expect(await attack(statement)).toBe(refused);
    await asOwner(control);
    expect(await attack(statement)).toBe('accepted');
  }
});

test('no server passes off the eleventh decision as an earlier one, nor an earlier one as the eleventh', async () => {
  const insert = (appeal: OpenAppeal, serial: boolean) =>
    sqlState(
      sql`insert into decisions (sanction, holder, review, kid, outcome, cause, artefact, reasons, at, serial)
        values (${appeal.sanction}, ${first.holder}, ${appeal.appeal}, ${first.kid}, 'reversed', 'error', 'x.y.z', '',
          ${registry.now()}, ${serial})`.execute(registry.db),
    );
  const early = await taken(first);
  expect(await insert(early, true)).toBe('23514');
  await tenReversed();
  const late = await taken(first);
  expect(await insert(late, false)).toBe('23514');
  await sql`drop trigger decisions_serial on decisions`.execute(registry.ownerDb);
  expect(await insert(late, false)).toBe('accepted');
  expect(await insert(early, true)).toBe('accepted');
});

test('two decisions at once are not both the tenth', async () => {
  for (let n = 0; n < 9; n++) await vote(first, await taken(first));
  const pair = [await taken(first), await taken(first)] as const;
  const states = (await Promise.all(pair.map((one) => vote(first, one)))).map(({ state }) => state);
  expect(states.toSorted()).toEqual(['awaiting-another', 'decided']);
});

test('an inspection has nobody who confirms: the eleventh that they would fail waits for another day', async () => {
  const { sanction } = await newCase(registry, { told: [] });
  const item = 'itm_00000000000000000000000000';
  const now = registry.now().toISOString();
  await sql
    .raw(
      `with r as (insert into reviews (id, sanction) values ('${item}', '${sanction}'))
      insert into inspections (id, sanction, why, opened_at, due_at)
      values ('${item}', '${sanction}', 'drawn', '${now}', '${now}'::timestamptz + interval '30 days')`,
    )
    .execute(registry.ownerDb);
  const inspection = await takeInspection(registry, first);
  resultOf(await deliverInspection(registry, inspection));
  await tenReversed();
  const failed = () => examine(registry, { by: first, item, outcome: 'failed' });
  expect(problem(await failed())).toEqual(['state-conflict', 'enough-today']);
  const attack = (serial: boolean) =>
    sqlState(
      sql`insert into decisions (sanction, holder, review, kid, outcome, artefact, reasons, at, serial)
        values (${sanction}, ${first.holder}, ${item}, ${first.kid}, 'failed', 'x.y.z', '', ${registry.now()}, ${serial})`.execute(
        registry.db,
      ),
    );
  expect([await attack(true), await attack(false)]).toEqual(['23514', '23514']);
  registry.advance(day + 1);
  expect(resultOf(await failed())).toMatchObject({ state: 'decided', outcome: 'failed' });
});

describe('dismissals count, too', () => {
  const dismissed = { outcome: 'dismissed' } as const;
  const viewOf = async (key: string): Promise<CaseView> =>
    (await registry.caseCall('case.open', { code: key })).body.result.data.case;

  /** A case that its reviewer dismissed, and how their vote left it. */
  async function dismissedOf(): Promise<OpenAppeal & { key: string; state: string }> {
    const { sanction, ...theCase } = await newCase(registry, { told: [] });
    const { id: appeal } = await appealCase(registry, { sanction, ...theCase });
    const target = await taken(first, { sanction, appeal });
    return { ...target, key: theCase.key, state: (await vote(first, target, dismissed)).state };
  }

  test('of eighteen that one reviewer dismisses in one sitting ten are dismissed', async () => {
    const states: string[] = [];
    for (let n = 0; n < 17; n++) states.push((await dismissedOf()).state);
    const last = await dismissedOf();
    states.push(last.state);
    expect(states.filter((state) => state === 'decided')).toHaveLength(10);
    expect(states.slice(10)).toEqual(Array(8).fill('awaiting-another'));
    // Its creator's appeal goes on, and nobody reads what was decided.
    const view = await viewOf(last.key);
    expect([view.appeals[0]!.state, view.mayReopen]).toEqual(['open', undefined]);
    const more = { key: last.key, text: 'I was at work that day.' };
    expect((await registry.caseCall('case.addInformation', more)).status).toBe(200);
    // All eight are open to the second, who draws them in turn.
    for (let n = 0; n < 8; n++) {
      const { appeal } = resultOf(await assign(registry, second)) as OpenAppeal;
      resultOf((await takeWithKey(registry, second, appeal)).answer);
    }
    expect(await vote(second, last, dismissed)).toMatchObject({ outcome: 'dismissed' });
    const after = await viewOf(last.key);
    expect([after.appeals[0]!.state, after.mayReopen]).toEqual(['decided', true]);
  });

  test('where the second disagrees a third decides', async () => {
    await tenReversed();
    const last = await dismissedOf();
    await taken(second, last);
    expect(await vote(second, last)).toMatchObject({ state: 'awaiting-another' });
    expect([await stateOf(last), (await viewOf(last.key)).appeals[0]!.state]).toEqual([
      'visible',
      'open',
    ]);
    await taken(third, last);
    expect(await vote(third, last)).toMatchObject({ state: 'decided', outcome: 'reversed' });
  });

  test('no server dismisses what nobody confirmed', async () => {
    await tenReversed();
    const { appeal } = await dismissedOf();
    const close = `update appeals set closed_at = now(), closed_as = 'decided', outcome = 'dismissed'
      where id = '${appeal}'`;
    const control = 'drop trigger appeals_serial_confirmed on appeals';
    expect(await tried(registry, [close], control)).toEqual([['23514'], ['accepted']]);
  });

  test('and the thirty-first of one group in 30 days waits for a second, whatever its day', async () => {
    for (let days = 0; days < 3; days++) {
      for (let n = 0; n < 10; n++) expect((await dismissedOf()).state).toBe('decided');
      registry.advance(day + 1);
    }
    expect((await dismissedOf()).state).toBe('awaiting-another');
    const ofAnother = await newCase(registry, { by: registry.parties.tubely, told: [] });
    const { id: appeal } = await appealCase(registry, ofAnother);
    const target = await taken(first, { sanction: ofAnother.sanction, appeal });
    expect(await vote(first, target, dismissed)).toMatchObject({ state: 'decided' });
  });
});
