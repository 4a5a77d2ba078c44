import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { day, newCase, startAppealRegistry } from './appeals-harness.ts';
import { accusedHarbour, allVote, closedAppeals, seatReviewers } from './panel-harness.ts';
import { sqlState } from './sanctions-harness.ts';

/** As the service role, as by a server that was taken over; each goes through once its control is taken away. */
let registry: TestRegistry;
let panel: TestKey[];
beforeEach(async () => {
  registry = await startAppealRegistry();
  panel = [...registry.parties.panel, ...(await seatReviewers(registry, 4))];
});
afterEach(() => registry.close());

const forbidden = '42501';
const checked = '23514';
const duplicate = '23505';

const attack = (statement: string): Promise<string> =>
  sqlState(sql.raw(statement).execute(registry.db));

/** What an attack comes to, and what it comes to without the control. */
async function tried(statement: string, control: string): Promise<string[]> {
  const refused = await attack(statement);
  await sql.raw(control).execute(registry.ownerDb);
  return [refused, await attack(statement)];
}

const at = (): string => registry.now().toISOString();
const vote = (ballot: { item: string; by: TestKey; outcome?: string }): string =>
  `insert into panel_votes (item, holder, kid, outcome, artefact, at)
   values ('${ballot.item}', '${ballot.by.holder}', '${ballot.by.kid}', '${ballot.outcome ?? 'suspend'}', 'x.y.z', '${at()}')`;
const close = (item: string, outcome: string, by = 'deadline'): string =>
  `update panel_items set closed_at = '${at()}', closed_by = '${by}', outcome = '${outcome}'
   where id = '${item}'`;
const suspend = (item: string | null, cause = 'error-rate'): string =>
  `insert into party_suspensions (party, cause, since, item)
   values ('${registry.parties.harbour.id}', '${cause}', '${at()}', ${item ? `'${item}'` : 'null'})`;

const votesFree = 'alter policy panel_votes_apart on panel_votes with check (true)';
const majorityFree = 'drop trigger panel_items_majority on panel_items';

const suspended = async (): Promise<string> => {
  const item = await accusedHarbour(registry);
  await allVote(registry, { item, among: panel, outcomes: ['suspend', 'suspend', 'suspend'] });
  return item;
};

describe('no vote of a reviewer', () => {
  test('who belongs to the party', async () => {
    const item = await accusedHarbour(registry);
    const [by] = panel;
    const { id: party } = registry.parties.harbour;
    const row = { holder: by!.holder, party, until: null };
    await registry.db.insertInto('affiliations').values(row).execute();
    expect(await tried(vote({ item, by: by! }), votesFree)).toEqual([forbidden, 'accepted']);
  });

  test('who decided one of the cases that count', async () => {
    const [by] = panel;
    const theCase = await newCase(registry);
    const closedAt = new Date(registry.now().getTime() + 1_000);
    registry.advance(60);
    const upheld = {
      as: 'decided',
      outcome: 'upheld',
      proven: true,
      closedAt,
      by: by!,
    } as const;
    await closedAppeals(registry, theCase, [upheld]);
    const item = await accusedHarbour(registry);
    expect(await tried(vote({ item, by: by! }), votesFree)).toEqual([forbidden, 'accepted']);
  });

  test('who voted for the suspension, on its appeal', async () => {
    const item = await suspended();
    const { harbour } = registry.parties;
    await registry.call(harbour.admin, 'parties.appealSuspension', {
      item: item as `itm_${string}`,
    });
    const { id: on } = await registry.db
      .selectFrom('panel_items')
      .select('id')
      .where('about', '=', item)
      .executeTakeFirstOrThrow();
    const [voted] = await registry.db.selectFrom('panel_votes').select('holder').execute();
    const by = panel.find(({ holder }) => holder === voted!.holder)!;
    expect(await tried(vote({ item: on, by, outcome: 'uphold' }), votesFree)).toEqual([
      forbidden,
      'accepted',
    ]);
  });

  test('whose term is over, or after the deadline', async () => {
    const item = await accusedHarbour(registry);
    const [by, other] = panel;
    await sql`update holders set term_until = '2020-01-01' where id = ${by!.holder}`.execute(
      registry.ownerDb,
    );
    expect(await attack(vote({ item, by: by! }))).toBe(forbidden);
    registry.advance(40 * day);
    expect(await tried(vote({ item, by: other! }), votesFree)).toEqual([forbidden, 'accepted']);
  });

  test('twice, or a fourth one', async () => {
    const item = await accusedHarbour(registry);
    for (const by of panel.slice(0, 3)) expect(await attack(vote({ item, by }))).toBe('accepted');
    expect(await tried(vote({ item, by: panel[3]! }), votesFree)).toEqual([forbidden, 'accepted']);
    const again = 'alter table panel_votes drop constraint panel_votes_pkey';
    expect(await tried(vote({ item, by: panel[3]! }), again)).toEqual([duplicate, 'accepted']);
  });
});

describe('an item', () => {
  test('comes to the harsher outcome by a majority alone', async () => {
    const item = await accusedHarbour(registry);
    expect(await attack(vote({ item, by: panel[0]! }))).toBe('accepted');
    expect(await tried(close(item, 'suspend'), majorityFree)).toEqual([checked, 'accepted']);
  });

  test('is closed by votes once all are in', async () => {
    const item = await accusedHarbour(registry);
    const two = close(item, 'refuse', 'votes');
    expect(await tried(two, majorityFree)).toEqual([checked, 'accepted']);
  });

  test('stays closed', async () => {
    const item = await suspended();
    const lift = close(item, 'refuse');
    const control = 'drop trigger panel_items_final on panel_items';
    expect(await tried(lift, control)).toEqual([checked, 'accepted']);
  });

  test('is open once at a time', async () => {
    const item = await accusedHarbour(registry);
    const another = `insert into panel_items (id, kind, party, votes, opened_at, due_at)
      select 'itm_00000000000000000000000000', kind, party, votes, opened_at, due_at
      from panel_items where id = '${item}'`;
    const control = 'drop index panel_items_one_open';
    expect(await tried(another, control)).toEqual([duplicate, 'accepted']);
  });

  test('asks for three votes', async () => {
    const item = await accusedHarbour(registry);
    const one = `insert into panel_items (id, kind, party, about, votes, opened_at, due_at)
      select 'itm_00000000000000000000000000', 'suspension-appeal', party, id, 1, opened_at, due_at
      from panel_items where id = '${item}'`;
    expect(await attack(one)).toBe(checked);
  });
});

describe('a suspension by the panel', () => {
  test('needs an item that decided it', async () => {
    const item = await accusedHarbour(registry);
    const control = 'alter policy party_suspensions_decided on party_suspensions with check (true)';
    expect(await tried(suspend(item), control)).toEqual([forbidden, 'accepted']);
    expect(await attack(suspend(null))).toBe(checked);
  });

  test('that operators brought needs two of them', async () => {
    const control = 'alter policy party_suspensions_decided on party_suspensions with check (true)';
    expect(await tried(suspend(null, 'operators'), control)).toEqual([forbidden, 'accepted']);
  });

  test('is lifted by a decision on its appeal alone', async () => {
    await suspended();
    const lift = `update party_suspensions set lifted_at = '${at()}'`;
    const control = 'alter policy party_suspensions_lift on party_suspensions with check (true)';
    expect(await tried(lift, control)).toEqual([forbidden, 'accepted']);
  });

  test('holds the flag of the party', async () => {
    await suspended();
    const clear = `update parties set submissions_suspended = false
      where id = '${registry.parties.harbour.id}'`;
    const control = 'drop trigger parties_suspension_stands on parties';
    expect(await tried(clear, control)).toEqual([checked, 'accepted']);
  });

  test('is not deleted, nor are votes or items', async () => {
    await suspended();
    for (const table of ['party_suspensions', 'panel_votes', 'panel_items', 'party_warnings']) {
      expect(await attack(`delete from ${table}`)).toBe(forbidden);
    }
    expect(await attack(`update panel_votes set outcome = 'refuse'`)).toBe(forbidden);
  });
});
