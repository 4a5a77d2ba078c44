import type { CountedCase, Id, PanelOutcome } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStanding } from '../src/panel/rates-store.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { day, startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import {
  castVote,
  conceded,
  detailsOf,
  judge,
  seatedOf,
  seatReviewers,
  voteOf,
} from './panel-harness.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
let panel: TestKey[];
beforeEach(async () => {
  registry = await startAppealRegistry();
  panel = [...registry.parties.panel, ...(await seatReviewers(registry, 4))];
});
afterEach(() => registry.close());

const counted = async (): Promise<number[]> => {
  const { id } = registry.parties.harbour;
  const { decided, reversed } = await readStanding(registry.db, id, registry.now());
  return [decided, reversed];
};
const looks = async (): Promise<{ id: string; outcome: string | null }[]> =>
  registry.db
    .selectFrom('panel_items')
    .select(['id', 'outcome'])
    .where('kind', '=', 'strikes')
    .orderBy('opened_at')
    .execute();

/** Harbour has five reversals of five; the item that this opened, its cases, and who is asked. */
async function lookedAt(): Promise<{ item: string; cases: CountedCase[]; seated: TestKey[] }> {
  for (let n = 0; n < 5; n++) await conceded(registry);
  const { id: item } = (await looks())[0]!;
  const seated = await seatedOf(registry, { item, among: panel });
  const read = resultOf(await registry.call(seated[0]!, 'review.items', {})) as {
    items: { item: string; cases?: { case: CountedCase }[] }[];
  };
  const shown = read.items.find((one) => one.item === item);
  return { item, seated, cases: shown!.cases!.map((one) => one.case) };
}

/** What each names, in their order; who names none votes to keep things as they are. */
async function allName(
  { item, seated }: { item: string; seated: TestKey[] },
  named: readonly CountedCase[][],
): Promise<void> {
  for (const [place, strikes] of named.entries()) {
    const by = seated[place]!;
    const outcome: PanelOutcome = strikes.length === 0 ? 'keep' : 'strike';
    const ballot = { by, item, outcome, ...(strikes.length === 0 ? {} : { strikes }) };
    resultOf(await castVote(registry, ballot));
  }
}

describe('at five reversals, whatever the rate, three reviewers', () => {
  test('are asked what to strike, in the open, and see what counts', async () => {
    for (let n = 0; n < 4; n++) await conceded(registry);
    expect(await looks()).toEqual([]);
    await conceded(registry);
    expect(await looks()).toHaveLength(1);
    const opened = await detailsOf(registry, 'panel-opened');
    const { id: party } = registry.parties.harbour;
    expect(opened).toMatchObject([{ kind: 'strikes', party, decided: 5, reversed: 5 }]);
  });

  test('strike made cases by two of three: they are in neither figure; by one, nothing', async () => {
    const look = await lookedAt();
    const [made, junk, wrong] = look.cases as [CountedCase, CountedCase, CountedCase];
    expect(look.cases).toHaveLength(5);
    await allName(look, [[made, junk], [made, wrong], [junk]]);
    // Two named the first, and the second; one alone named the third.
    expect(await counted()).toEqual([3, 3]);
    expect(await detailsOf(registry, 'panel-closed')).toMatchObject([
      { item: look.item, outcome: 'strike', by: 'votes', struck: 2 },
    ]);
  });

  test('strike nothing where no two name the same', async () => {
    const look = await lookedAt();
    const [first, second, third] = look.cases as [CountedCase, CountedCase, CountedCase];
    await allName(look, [[first], [second], [third, third]]);
    expect(await counted()).toEqual([5, 5]);
  });

  test('strike nothing undecided in time, by two votes that are in', async () => {
    const look = await lookedAt();
    await allName(look, [look.cases, look.cases]);
    expect(await counted()).toEqual([5, 5]);
    // Past the Monday to which a deadline on a weekend moves.
    registry.advance(34 * day);
    await settleDue(registry.services);
    expect(await looks()).toEqual([{ id: look.item, outcome: 'keep' }]);
    expect(await counted()).toEqual([5, 5]);
  });

  test('are asked once for each threshold: again at ten', async () => {
    const look = await lookedAt();
    await allName(look, [[], [], []]);
    await judge(registry, registry.parties.harbour);
    for (let n = 0; n < 4; n++) await conceded(registry);
    expect(await looks()).toHaveLength(1);
    await conceded(registry);
    expect(await looks()).toHaveLength(2);
    await judge(registry, registry.parties.harbour);
    expect(await looks()).toHaveLength(2);
  });

  test('name what counts, and what they signed', async () => {
    const { item, seated, cases } = await lookedAt();
    const [by] = seated as [TestKey];
    const ballot = { by, item, outcome: 'strike' } as const;
    const other = ['snc_00000000000000000000000000' as Id<'snc'>];
    expect(problem(await castVote(registry, { ...ballot, strikes: other }))).toContain('unknown');
    expect(problem(await castVote(registry, ballot))).toContain('of-another-kind');
    const signed = await voteOf(registry, { ...ballot, strikes: cases.slice(0, 1) });
    const swapped = { ...signed, strikes: cases.slice(1, 2) };
    expect(problem(await registry.call(by, 'review.vote', swapped))).toContain('not-committed');
  });
});

describe('the database holds', () => {
  const attack = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));
  const vote = (ballot: { item: string; by: TestKey; strikes: readonly string[] }): string =>
    `insert into panel_votes (item, holder, kid, outcome, artefact, at, strikes)
     values ('${ballot.item}', '${ballot.by.holder}', '${ballot.by.kid}', 'strike', 'x.y.z',
       '${registry.now().toISOString()}', '{${ballot.strikes.join(',')}}')`;
  const tried = async (statement: string, control: string): Promise<string[]> => {
    const refused = await attack(statement);
    await sql.raw(control).execute(registry.ownerDb);
    return [refused, await attack(statement)];
  };

  test('a vote to what counted, and one of the pay of the group to nothing', async () => {
    const { item, seated, cases } = await lookedAt();
    const [by, paid] = seated as [TestKey, TestKey];
    const { id: party } = registry.parties.harbour;
    const row = { holder: paid.holder, party, until: null };
    await registry.db.insertInto('affiliations').values(row).execute();
    expect(await attack(vote({ item, by: paid, strikes: cases }))).toBe('42501');
    const free = 'alter policy panel_votes_apart on panel_votes with check (true)';
    const strikes = ['snc_00000000000000000000000000'];
    expect(await tried(vote({ item, by, strikes }), free)).toEqual(['42501', 'accepted']);
  });

  test('strikes to a majority of all votes, whoever closes the item', async () => {
    const { item, seated, cases } = await lookedAt();
    expect(await attack(vote({ item, by: seated[0]!, strikes: cases }))).toBe('accepted');
    const close = `update panel_items set closed_at = '${registry.now().toISOString()}',
      closed_by = 'votes', outcome = 'strike' where id = '${item}'`;
    const control = 'drop trigger panel_items_majority on panel_items';
    expect(await tried(close, control)).toEqual(['23514', 'accepted']);
    // Even so: one reviewer alone strikes nothing.
    expect(await counted()).toEqual([5, 5]);
  });

  test('a look once at a time', async () => {
    const { item } = await lookedAt();
    const another = `insert into panel_items (id, kind, party, votes, opened_at, due_at)
      select 'itm_00000000000000000000000000', kind, party, votes, opened_at, due_at
      from panel_items where id = '${item}'`;
    const control = 'drop index panel_items_one_strikes';
    expect(await tried(another, control)).toEqual(['23505', 'accepted']);
  });
});
