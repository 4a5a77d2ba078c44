import type { TestKey, TestPlatform, TestRegistry } from '@recourse/testkit';
import { random32 } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { listParties } from '../src/parties/directory.ts';
import { groupMembers, objectedIn } from '../src/parties/group-store.ts';
import { resultOf, startCheckRegistry } from './checks-fixture.ts';
import { groupOf } from './groups-harness.ts';
import { allVote, detailsOf, itemRows, itemsOf, seatedOf, seatReviewers } from './panel-harness.ts';
import { refusalOf } from './parties-fixtures.ts';
import { byBoth, platformId } from './parties-operator-fixtures.ts';
import { build, day, problem, sqlState } from './sanctions-harness.ts';

const [violated, forbidden] = ['23514', '42501'];
let registry: TestRegistry;
let panel: TestKey[];
beforeEach(async () => {
  registry = await startCheckRegistry();
  panel = [...registry.parties.panel, ...(await seatReviewers(registry, 4))];
});
afterEach(() => registry.close());

/** Market says that Tubely belongs to the group of Harbour. */
const object = async (by: TestPlatform = registry.parties.market, group = 'harbour') =>
  registry.call(by.trust, 'parties.object', {
    party: platformId(registry.parties.tubely),
    ground: 'group-undisclosed',
    group,
  });
async function objected(): Promise<string> {
  expect(resultOf(await object())).toMatchObject({ state: 'asked' });
  return (await itemRows(registry))[0]!.id;
}
const ofHarbour = (): Promise<string[]> =>
  groupMembers(registry.db, { party: registry.parties.harbour.id, now: registry.now() });
const both = () => [registry.parties.harbour.id, registry.parties.tubely.id].toSorted();
const alone = () => [registry.parties.harbour.id];

async function file(by: TestPlatform, token: string): Promise<string> {
  const input = await build(registry, { signedBy: by.trust, subjects: [{ token }] });
  const answer = await registry.call(by.service, 'sanctions.submit', input);
  return answer.status === 200 ? 'accepted' : problem(answer).join();
}

describe('that a group was not disclosed may be objected at any time', () => {
  test('and counts for nothing while three reviewers are asked: no two rivals are one by the word of a third', async () => {
    const { harbour, tubely } = registry.parties;
    const token = random32();
    expect(await file(harbour, token)).toBe('accepted');
    const item = await objected();
    expect(await ofHarbour()).toEqual(alone());
    expect(await file(tubely, token)).toBe('accepted');
    const seated = await seatedOf(registry, { item, among: panel });
    expect(seated).toHaveLength(3);
    expect(await itemsOf(registry, seated[0]!)).toMatchObject([
      {
        kind: 'group',
        party: tubely.id,
        objections: [{ by: registry.parties.market.id, group: 'harbour' }],
      },
    ]);
  });

  test('a majority joins it to the group, in the directory and the log', async () => {
    const item = await objected();
    await allVote(registry, { item, among: panel, outcomes: ['join', 'keep', 'join'] });
    expect(await ofHarbour()).toEqual(both());
    const { market, tubely } = registry.parties;
    const objection = { by: market.id, ground: 'group-undisclosed', group: 'harbour', item };
    expect(await detailsOf(registry, 'party-objected')).toMatchObject([
      { party: tubely.id, ...objection },
    ]);
    const listed = (await listParties(registry.db, registry.now())).find(
      ({ party }) => party === tubely.id,
    );
    expect(listed?.membership).toMatchObject({
      groups: [{ group: 'tubely' }],
      objections: [objection],
    });
  });

  test('without a majority, and by silence, things stay as they were', async () => {
    const item = await objected();
    await allVote(registry, { item, among: panel, outcomes: ['join', 'keep', 'keep'] });
    expect(await ofHarbour()).toEqual(alone());
    resultOf(await object(registry.parties.harbour, 'market'));
    registry.advance(32 * day);
    await settleDue(registry.services);
    expect((await itemRows(registry)).map(({ outcome }) => outcome)).toEqual(['keep', 'keep']);
    expect(
      await groupMembers(registry.db, { party: registry.parties.market.id, now: registry.now() }),
    ).toEqual([registry.parties.market.id]);
  });

  test('by a member, about another, on a group that there is, once, and one at a time', async () => {
    const { harbour, tubely } = registry.parties;
    expect(refusalOf(await object(tubely))).toBe('state-conflict/own');
    expect(refusalOf(await object(harbour, 'nobody'))).toBe('invalid-input/unknown');
    expect(refusalOf(await object(harbour, 'tubely'))).toBe('state-conflict/counts-already');
    const item = await objected();
    expect(refusalOf(await object(harbour, 'market'))).toBe('state-conflict/being-asked');
    await allVote(registry, { item, among: panel, outcomes: ['keep', 'keep', 'keep'] });
    expect(refusalOf(await object())).toBe('state-conflict/objected');
  });

  test('and not again by the same member for a year, whatever group it names', async () => {
    const { market } = registry.parties;
    await objected();
    registry.advance(40 * day);
    await settleDue(registry.services);
    expect(await itemRows(registry)).toMatchObject([{ closed_by: 'deadline', outcome: 'keep' }]);
    await registry.ownerDb
      .updateTable('party_groups')
      .set({ group_name: 'elsewhere' })
      .where('by_party', '=', market.id)
      .execute();
    expect(refusalOf(await object())).toBe('state-conflict/objected');
    registry.advance(326 * day);
    expect(resultOf(await object())).toMatchObject({ state: 'asked' });
  });

  test('and nobody of the pay of who objects, or of that group, decides', async () => {
    const item = await objected();
    const [first, second] = await seatedOf(registry, { item, among: panel });
    for (const [holder, party] of [
      [first!.holder, registry.parties.market.id],
      [second!.holder, registry.parties.harbour.id],
    ]) {
      await sql`insert into affiliations (holder, party) values (${holder}, ${party})`.execute(
        registry.ownerDb,
      );
    }
    expect(await seatedOf(registry, { item, among: [first!, second!] })).toEqual([]);
  });
});

describe('a platform that changes its group', () => {
  const move = async (group: string) =>
    byBoth(registry, 'platforms.setGroup', { party: platformId(registry.parties.tubely), group });

  test('is moved by two operators, in the log, and counts to the former one for 24 months', async () => {
    resultOf(await move('harbour'));
    expect(await ofHarbour()).toEqual(both());
    registry.advance(1);
    resultOf(await move('elsewhere'));
    expect((await detailsOf(registry, 'party-registered')).at(-1)).toMatchObject({
      party: registry.parties.tubely.id,
      left: 'harbour',
      registration: { group: 'elsewhere' },
    });
    registry.advance(729 * day);
    expect(await ofHarbour()).toEqual(both());
    registry.advance(3 * day);
    expect(await ofHarbour()).toEqual(alone());
  });

  test('also where the panel joined it to one', async () => {
    const item = await objected();
    await allVote(registry, { item, among: panel, outcomes: ['join', 'join', 'join'] });
    resultOf(await move('elsewhere'));
    registry.advance(729 * day);
    expect(await ofHarbour()).toEqual(both());
    registry.advance(3 * day);
    expect(await ofHarbour()).toEqual(alone());
  });

  test('not to its own, nor to that of the operator', async () => {
    const { tubely } = registry.parties;
    expect(refusalOf(await move(groupOf(tubely)))).toBe('state-conflict/unchanged');
    expect(refusalOf(await move('operator'))).toBe('invalid-input/reserved');
  });
});

describe('the database lets nobody', () => {
  const insert = (overrides: object) =>
    sqlState(
      registry.db
        .insertInto('party_groups')
        .values({
          party: registry.parties.tubely.id,
          group_name: 'harbour',
          since: registry.now(),
          until: null,
          by_party: null,
          item: null,
          ...overrides,
        })
        .execute(),
    );

  test('join or leave a group without two operators', async () => {
    expect(await insert({})).toBe(forbidden);
    const leave = registry.db
      .updateTable('party_groups')
      .set({ until: registry.now() })
      .where('party', '=', registry.parties.tubely.id)
      .execute();
    expect(await sqlState(leave)).toBe(forbidden);
  });

  test('object without asking the panel, or about itself, or twice', async () => {
    const { market, tubely, harbour } = registry.parties;
    const item = await objected();
    expect(await insert({ by_party: market.id })).toBe(forbidden);
    const { since } = (await objectedIn(registry.db, item))!;
    const own = { by_party: tubely.id, item, group_name: 'other', since };
    expect(await insert(own)).toBe(violated);
    expect(await insert({ ...own, by_party: harbour.id })).toBe('23505');
    expect(await insert({ ...own, by_party: market.id })).toBe(forbidden);
    await allVote(registry, { item, among: panel, outcomes: ['keep', 'keep', 'keep'] });
    await registry.ownerDb.deleteFrom('party_groups').where('item', '=', item).execute();
    expect(await insert({ by_party: market.id, item, since })).toBe(forbidden);
  });
});
