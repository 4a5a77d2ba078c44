import type { Id } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { listParties } from '../src/parties/directory.ts';
import { appealCase, day, newCase, startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import {
  accusedHarbour,
  allVote,
  castVote,
  closedAppeals,
  concede,
  conceded,
  detailsOf,
  itemRows,
  itemsOf,
  judge,
  seatedOf,
  seatReviewers,
} from './panel-harness.ts';
import { byBoth, platformId } from './parties-operator-fixtures.ts';
import { build, problem, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
let panel: TestKey[];
beforeEach(async () => {
  registry = await startAppealRegistry();
  panel = [...registry.parties.panel, ...(await seatReviewers(registry, 4))];
});
afterEach(() => registry.close());

const submits = async (): Promise<string[]> => {
  const { service } = registry.parties.harbour;
  return problem(await registry.call(service, 'sanctions.submit', await build(registry)));
};
const isSuspended = async (): Promise<boolean> =>
  (await listParties(registry.db, registry.now())).find(
    ({ party }) => party === registry.parties.harbour.id,
  )!.submissionsSuspended;

const suspended = async (): Promise<string> => {
  const item = await accusedHarbour(registry);
  await allVote(registry, { item, among: panel, outcomes: ['suspend', 'suspend', 'refuse'] });
  return item;
};
const appeal = (item: string) =>
  registry.call(registry.parties.harbour.admin, 'parties.appealSuspension', {
    item: item as Id<'itm'>,
  });
const appealed = async (item: string): Promise<string> => {
  const answer = resultOf(await appeal(item)) as { item: string };
  return answer.item;
};

describe('three reviewers', () => {
  test('suspend by majority: new records are refused, and all votes are published', async () => {
    const item = await suspended();
    expect(await submits()).toEqual(['party-suspended']);
    const [closed] = await detailsOf(registry, 'panel-closed');
    expect(closed).toMatchObject({ item, outcome: 'suspend', by: 'votes' });
    expect(closed!['votes']).toHaveLength(3);
    expect(await detailsOf(registry, 'party-suspended')).toMatchObject([
      { party: registry.parties.harbour.id, what: 'submissions', cause: 'error-rate', item },
    ]);
  });

  test('refuse where there is no majority', async () => {
    const item = await accusedHarbour(registry);
    await allVote(registry, { item, among: panel, outcomes: ['refuse', 'suspend', 'refuse'] });
    expect([await submits(), await isSuspended()]).toEqual([['200'], false]);
  });

  test('vote blind: a vote alone is in no entry and no answer', async () => {
    const item = await accusedHarbour(registry);
    const [by, ...others] = await seatedOf(registry, { item, among: panel });
    const before = (await registry.pendingEntries()).filter((one) => one.includes(item)).length;
    const answer = resultOf(await castVote(registry, { by: by!, item, outcome: 'suspend' }));
    expect(answer).toEqual({ item, state: 'awaiting-others' });
    const entries = (await registry.pendingEntries()).filter((one) => one.includes(item));
    expect(entries).toHaveLength(before);
    const read = async (key: TestKey) =>
      (await itemsOf(registry, key)).find((one) => one.item === item);
    const [own, seen] = [await read(by!), await read(others[0]!)];
    expect([own!.voted, seen!.voted]).toEqual([true, false]);
    expect(Object.keys(own!)).toEqual(Object.keys(seen!));
  });

  test('vote once, on what they were assigned, and on nothing else', async () => {
    const item = await accusedHarbour(registry);
    const seated = await seatedOf(registry, { item, among: panel });
    const idle = panel.find((key) => !seated.includes(key))!;
    const outcome = 'refuse';
    expect(problem(await castVote(registry, { by: idle, item, outcome }))).toEqual(['not-found']);
    resultOf(await castVote(registry, { by: seated[0]!, item, outcome }));
    const again = await castVote(registry, { by: seated[0]!, item, outcome });
    expect(problem(again)).toEqual(['already-decided']);
    const ballot = { by: seated[1]!, item, outcome: 'uphold' } as const;
    expect(problem(await castVote(registry, ballot))).toContain('of-another-kind');
  });

  test('who decided one of the cases, or belongs to the party, is not asked', async () => {
    const [judged, paid] = panel;
    const theCase = await newCase(registry);
    const closedAt = new Date(registry.now().getTime() + 5_000);
    registry.advance(60);
    const upheld = {
      as: 'decided',
      outcome: 'upheld',
      proven: true,
      closedAt,
      by: judged!,
    } as const;
    await closedAppeals(registry, theCase, [upheld]);
    const { id: party } = registry.parties.harbour;
    const affiliation = { holder: paid!.holder, party, until: null };
    await registry.db.insertInto('affiliations').values(affiliation).execute();
    const item = await accusedHarbour(registry);
    registry.advance(20 * day);
    const seated = await seatedOf(registry, { item, among: panel });
    expect(seated).toEqual(panel.slice(2));
  });

  test('no vote in time favours the party, and nothing is asked again before another reversal', async () => {
    const item = await accusedHarbour(registry);
    const [by] = await seatedOf(registry, { item, among: panel });
    resultOf(await castVote(registry, { by: by!, item, outcome: 'suspend' }));
    registry.advance(33 * day);
    const late = await castVote(registry, { by: panel[1]!, item, outcome: 'suspend' });
    expect(problem(late)[0]).toMatch(/state-conflict|not-found|already-decided/);
    await settleDue(registry.services);
    await judge(registry, registry.parties.harbour);
    expect(await itemRows(registry)).toMatchObject([{ closed_by: 'deadline', outcome: 'refuse' }]);
    await conceded(registry);
    expect(await itemRows(registry)).toHaveLength(2);
  });
});

describe('suspended, a platform', () => {
  test('answers appeals, withdraws, notifies and checks as before', async () => {
    const theCase = await newCase(registry);
    const other = await newCase(registry);
    await suspended();
    const { id } = await appealCase(registry, theCase);
    const { harbour } = registry.parties;
    const read = await registry.call(harbour.service, 'recalls.list', {});
    expect([read.status, (await withdraw(registry, other.sanction)).status]).toEqual([200, 200]);
    const done = await concede(registry, { sanction: theCase.sanction, appeal: id });
    expect(done.status).toBe(200);
    const elements = { purpose: 'signup', epochs: [1], blinded: [] } as const;
    const check = await registry.call(harbour.service, 'checks.evaluate', elements as never);
    expect(problem(check)).not.toContain('party-suspended');
  });

  test('is not restored by the operators, alone or with their own suspension', async () => {
    await suspended();
    const party = platformId(registry.parties.harbour);
    const refused = await byBoth(registry, 'platforms.restore', { party });
    expect(problem(refused)).toEqual(['state-conflict', 'not-by-operators']);
    const both = { party, what: 'both', why: 'terms' } as const;
    resultOf(await byBoth(registry, 'platforms.suspend', both));
    resultOf(await byBoth(registry, 'platforms.restore', { party }));
    expect([await submits(), await isSuspended()]).toEqual([['party-suspended'], true]);
  });

  test('reads why, and what the reviewers said', async () => {
    const item = await suspended();
    const { service } = registry.parties.harbour;
    const standing = resultOf(await registry.call(service, 'parties.standing', {}));
    expect(standing).toMatchObject({
      figures: { decided: 5, reversed: 5, reversedIn90Days: 5 },
      suspensions: [{ cause: 'error-rate', item }],
    });
    const { items } = standing as { items: { item: string; outcome: string; reasons: string[] }[] };
    const read = items.find((one) => one.item === item)!;
    expect([read.outcome, read.reasons.length]).toEqual(['suspend', 3]);
  });
});

describe('an appeal against a suspension', () => {
  test('goes to three others, once', async () => {
    const item = await suspended();
    const voters = await registry.db.selectFrom('panel_votes').select('holder').execute();
    const appealItem = await appealed(item);
    expect(problem(await appeal(item))).toEqual(['state-conflict', 'already-appealed']);
    registry.advance(9 * day);
    const seated = await seatedOf(registry, { item: appealItem, among: panel });
    expect(seated).toHaveLength(4);
    const holders = voters.map(({ holder }) => holder);
    expect(seated.filter((key) => holders.includes(key.holder))).toEqual([]);
  });

  test('lifts without a majority to uphold', async () => {
    const item = await suspended();
    const among = panel;
    const outcomes = ['lift', 'uphold', 'lift'] as const;
    await allVote(registry, { item: await appealed(item), among, outcomes });
    expect([await submits(), await isSuspended()]).toEqual([['200'], false]);
    expect(await detailsOf(registry, 'party-restored')).toMatchObject([
      { cause: 'error-rate', what: 'submissions', stands: [] },
    ]);
    expect(problem(await appeal(item))).toEqual(['state-conflict', 'not-suspended']);
  });

  test('upheld by two, it stands', async () => {
    const item = await suspended();
    const outcomes = ['uphold', 'lift', 'uphold'] as const;
    await allVote(registry, { item: await appealed(item), among: panel, outcomes });
    expect(await submits()).toEqual(['party-suspended']);
  });

  test('undecided in time, the suspension is over, before any job ran', async () => {
    await appealed(await suspended());
    registry.advance(33 * day);
    expect([await submits(), await isSuspended()]).toEqual([['200'], false]);
    await settleDue(registry.services);
    expect([await submits(), await isSuspended()]).toEqual([['200'], false]);
    const items = await itemRows(registry);
    expect(items.at(-1)).toMatchObject({ outcome: 'lift', closed_by: 'deadline' });
  });

  test('lifts nothing that the operators stopped', async () => {
    const item = await suspended();
    const party = platformId(registry.parties.harbour);
    const submissions = { party, what: 'submissions', why: 'terms' } as const;
    resultOf(await byBoth(registry, 'platforms.suspend', submissions));
    const outcomes = ['lift', 'lift', 'lift'] as const;
    await allVote(registry, { item: await appealed(item), among: panel, outcomes });
    expect(await submits()).toEqual(['party-suspended']);
    resultOf(await byBoth(registry, 'platforms.restore', { party }));
    expect(await submits()).toEqual(['200']);
  });
});
