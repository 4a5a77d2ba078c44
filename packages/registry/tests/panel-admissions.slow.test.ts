import type { Id } from '@recourse/protocol';
import type { TestKey, TestPlatform, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { listParties } from '../src/parties/directory.ts';
import { readGovernance } from '../src/parties/governance.ts';
import { findParty } from '../src/parties/store.ts';
import { newElement, resultOf, startCheckRegistry } from './checks-fixture.ts';
import {
  allVote,
  castVote,
  detailsOf,
  itemRows,
  itemsOf,
  seatedOf,
  seatReviewers,
} from './panel-harness.ts';
import { refusalOf } from './parties-fixtures.ts';
import { newPlatform, platformId } from './parties-operator-fixtures.ts';
import { day, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
let panel: TestKey[];
let fresh: TestPlatform;
beforeEach(async () => {
  registry = await startCheckRegistry();
  panel = [...registry.parties.panel, ...(await seatReviewers(registry, 4))];
  fresh = await newPlatform(registry);
});
afterEach(() => registry.close());

const object = async (by: TestPlatform) =>
  resultOf(
    await registry.call(by.trust, 'parties.object', {
      party: platformId(fresh),
      ground: 'owner-undisclosed',
    }),
  );
/** Objected to, and the window is over. */
async function objected(): Promise<string> {
  await object(registry.parties.harbour);
  registry.advance(14 * day + 1);
  return (await itemRows(registry))[0]!.id;
}
const stateOf = async (): Promise<string | undefined> =>
  (await listParties(registry.db, registry.now())).find(({ party }) => party === fresh.id)
    ?.membership?.state;
const checks = async (): Promise<string> =>
  refusalOf(
    await registry.call(fresh.service, 'checks.evaluate', {
      purpose: 'signup',
      epochs: [1],
      blinded: [newElement()],
      provenAt: Math.floor(registry.now().getTime() / 1000),
    }),
  );

describe('a registration that was objected to', () => {
  test('is decided by three reviewers, who read every objection, once its window is over', async () => {
    await object(registry.parties.harbour);
    await object(registry.parties.tubely);
    const [asked] = await detailsOf(registry, 'panel-opened');
    expect(asked).toMatchObject({ kind: 'admission', party: fresh.id });
    const { item } = asked as { item: string };
    expect(await seatedOf(registry, { item, among: panel })).toEqual([]);
    registry.advance(14 * day + 1);
    const seated = await seatedOf(registry, { item, among: panel });
    const [shown] = await itemsOf(registry, seated[0]!);
    expect(shown).toMatchObject({
      kind: 'admission',
      objections: [
        { by: registry.parties.harbour.id, ground: 'owner-undisclosed' },
        { by: registry.parties.tubely.id },
      ],
    });
    expect(await stateOf()).toBe('objected');
  });

  test('is published with its votes once all are in, and with none before', async () => {
    const item = await objected();
    const published = async () =>
      (await readGovernance(registry.db, { now: registry.now(), names: {} })).votes;
    const open = { item, kind: 'admission', party: fresh.id };
    const [first] = await seatedOf(registry, { item, among: panel });
    await castVote(registry, { by: first!, item, outcome: 'admit' });
    const [before] = await published();
    expect(before).toMatchObject(open);
    expect(Object.keys(before!)).toEqual(['item', 'kind', 'party', 'openedAt', 'dueAt']);
    const others = panel.filter((one) => one !== first);
    await allVote(registry, { item, among: others, outcomes: ['refuse', 'admit'] });
    expect(await published()).toEqual([
      {
        ...before,
        closedAt: expect.any(String),
        outcome: 'admit',
        votes: ['admit', 'admit', 'refuse'],
      },
    ]);
  });

  test('is admitted by a majority, and its probation begins with the decision', async () => {
    const item = await objected();
    await allVote(registry, { item, among: panel, outcomes: ['admit', 'refuse', 'admit'] });
    expect([await stateOf(), await checks()]).toEqual(['probation', '200']);
    const [entry] = await detailsOf(registry, 'party-admitted');
    const { active_from: from } = (await findParty(registry.db, fresh.id))!;
    expect(entry).toMatchObject({ party: fresh.id, item, activeFrom: from!.toISOString() });
    registry.advance(90 * day + 1);
    expect(await stateOf()).toBe('member');
  });

  test('stays out without a majority, and reads why', async () => {
    const item = await objected();
    await allVote(registry, { item, among: panel, outcomes: ['admit', 'refuse', 'refuse'] });
    expect([await stateOf(), await checks()]).toEqual(['refused', 'checks-stopped']);
    expect(await detailsOf(registry, 'party-admitted')).toEqual([]);
    const standing = resultOf(await registry.call(fresh.service, 'parties.standing', {}));
    expect(standing).toMatchObject({ items: [{ item, kind: 'admission', outcome: 'refuse' }] });
    const { items } = standing as { items: { reasons: string[] }[] };
    expect(items[0]!.reasons).toHaveLength(3);
  });

  test('is neither let in nor turned away by silence, however long that lasts', async () => {
    const item = await objected();
    registry.advance(100 * day);
    await settleDue(registry.services);
    expect(await itemRows(registry)).toMatchObject([{ id: item, closed_by: null }]);
    expect(await stateOf()).toBe('objected');
    const seated = await seatedOf(registry, { item, among: panel });
    expect(seated).toHaveLength(panel.length);
    for (const by of seated.slice(0, 3)) {
      resultOf(await castVote(registry, { by, item, outcome: 'admit' }));
    }
    expect(await stateOf()).toBe('probation');
  });

  test('is judged by nobody of the pay of who objects', async () => {
    const item = await objected();
    const [first] = await seatedOf(registry, { item, among: panel });
    await sql`insert into affiliations (holder, party)
      values (${first!.holder}, ${registry.parties.harbour.id})`.execute(registry.ownerDb);
    expect(await seatedOf(registry, { item, among: [first!] })).toEqual([]);
  });
});

describe('the database', () => {
  const violated = '23514';
  const admit = (item: string, outcome: 'admitted' | 'refused') =>
    registry.db
      .insertInto('admissions')
      .values({ party: fresh.id, outcome, at: registry.now(), item })
      .execute();

  test('takes no admission but what an item says', async () => {
    const item = await objected();
    expect(await sqlState(admit(item, 'admitted'))).toBe(violated);
    const outcomes = ['refuse', 'refuse', 'refuse'] as const;
    await allVote(registry, { item, among: panel, outcomes });
    await sql`delete from admissions`.execute(registry.ownerDb);
    expect(await sqlState(admit(item, 'admitted'))).toBe(violated);
    expect(await sqlState(admit(item, 'refused'))).toBe('accepted');
  });

  test('takes no decision on a registration by a deadline, nor a second item', async () => {
    const item = await objected();
    const close = registry.db
      .updateTable('panel_items')
      .set({ closed_at: registry.now(), closed_by: 'deadline', outcome: 'refuse' })
      .where('id', '=', item as Id<'itm'>)
      .execute();
    expect(await sqlState(close)).toBe(violated);
    const again = sql`insert into panel_items (id, kind, party, votes, opened_at, due_at)
      select 'itm_00000000000000000000000001', kind, party, votes, opened_at, due_at
      from panel_items where id = ${item}`.execute(registry.db);
    expect(await sqlState(again)).toBe('23505');
  });

  test('takes no vote before the window is over', async () => {
    await object(registry.parties.harbour);
    const { id } = (await itemRows(registry))[0]!;
    const by = panel[0]!;
    const vote = registry.db
      .insertInto('panel_votes')
      .values({
        item: id,
        holder: by.holder,
        kid: by.kid,
        outcome: 'admit',
        artefact: 'x.y.z',
        reasons: null,
        at: registry.now(),
      })
      .execute();
    expect(await sqlState(vote)).toBe('42501');
  });
});
