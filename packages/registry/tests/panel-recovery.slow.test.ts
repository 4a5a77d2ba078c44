import { toNumericDate } from '@recourse/protocol';
import { Sequencer, type RecoveryResult } from '@recourse/registry';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newCase, startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { found, logSeeds, named } from './doctor-fixture.ts';
import { drain, newSigner, signing } from './ledger-fixture.ts';
import { accusedHarbour, allVote, itemRows, seatReviewers } from './panel-harness.ts';
import { byBoth, newPlatform, platformId } from './parties-operator-fixtures.ts';
import { recoveredAfter } from './recovery-fixture.ts';

/** A registration that was objected to, and one that the panel turned away; an identifier that changed hands. */
async function decided(registry: TestRegistry, panel: readonly TestKey[]): Promise<void> {
  const fresh = [await newPlatform(registry), await newPlatform(registry)];
  for (const newcomer of fresh) {
    const objection = { party: platformId(newcomer), ground: 'owner-undisclosed' } as const;
    resultOf(await registry.call(registry.parties.market.trust, 'parties.object', objection));
  }
  registry.advance(14 * 86_400 + 1);
  const items = (await itemRows(registry)).filter(({ kind }) => kind === 'admission');
  const outcomes = ['admit', 'refuse'] as const;
  for (const [place, { id: item }] of items.entries()) {
    const outcome = outcomes[place]!;
    await allVote(registry, { item, among: panel, outcomes: [outcome, outcome, outcome] });
  }
  const { tokens } = await newCase(registry);
  const challenge = { token: tokens[0]!, epoch: 1, ground: 'recycled' } as const;
  const { trust } = registry.parties.tubely;
  const date = toNumericDate(registry.now());
  const asked = await registry.call(trust, 'subjects.challenge', { ...challenge, date });
  const { item } = (resultOf(asked) as { items: [{ item: string }] }).items[0];
  await allVote(registry, { item, among: panel, outcomes: ['keep', 'keep'] });
}

/** Suspended by the panel and the operators, appealed, and lifted; then asked again. */
async function happen(registry: TestRegistry, panel: readonly TestKey[]): Promise<void> {
  const { harbour } = registry.parties;
  const party = platformId(harbour);
  await decided(registry, panel);
  const item = await accusedHarbour(registry);
  await allVote(registry, { item, among: panel, outcomes: ['suspend', 'refuse', 'suspend'] });
  const both = { party, what: 'both', why: 'terms' } as const;
  resultOf(await byBoth(registry, 'platforms.suspend', both));
  resultOf(await byBoth(registry, 'platforms.restore', { party }));
  const itemRef = { item: item as `itm_${string}` };
  const appealed = resultOf(
    await registry.call(harbour.admin, 'parties.appealSuspension', itemRef),
  ) as {
    item: string;
  };
  const outcomes = ['uphold', 'uphold', 'uphold'] as const;
  await allVote(registry, { item: appealed.item, among: panel, outcomes });
}

describe('a restored copy', () => {
  let live: TestRegistry;
  let dump: TestRegistry;
  let recovered: RecoveryResult;
  beforeAll(async () => {
    live = await startAppealRegistry();
    const panel = [...live.parties.panel, ...(await seatReviewers(live, 4))];
    ({ dump, recovered } = await recoveredAfter(live, () => happen(live, panel)));
  });
  afterAll(async () => {
    await live.close();
    await dump.close();
  });

  test('regains warnings, what the panel was asked and voted, and suspensions', async () => {
    expect(recovered.counts.parties).toBeGreaterThan(0);
    const tables = [
      sql`select id, kind, party, about, votes, closed_by, outcome from panel_items
        where sanction is null order by id`,
      sql`select v.item, v.holder, v.kid, v.outcome, v.artefact from panel_votes v
        join panel_items i on i.id = v.item where i.sanction is null order by item, holder`,
      sql`select party, outcome, item from admissions order by party`,
      sql`select party, decided, reversed from party_warnings`,
      sql`select party, cause, item, lifted_at is null as stands from party_suspensions
        order by party, cause, since`,
      sql`select id, submissions_suspended, checks_stopped, active_from, probation_until
        from parties order by id`,
    ];
    for (const table of tables) {
      const rows = (await table.execute(live.db)).rows;
      expect(rows).not.toEqual([]);
      expect((await table.execute(dump.db)).rows).toEqual(rows);
    }
  });
});

describe('the doctor', () => {
  let registry: TestRegistry;
  const areOurs = /panel_items|panel_votes|party_warnings|party_suspensions|admissions|challenges/;
  const after = async (...statements: string[]): Promise<string[]> => {
    const signer = await newSigner();
    const all = await found({ registry }, { key: signer.key, outside: [] }, statements);
    return named(all).filter((one) => areOurs.test(one));
  };
  beforeAll(async () => {
    registry = await startAppealRegistry();
    const panel = [...registry.parties.panel, ...(await seatReviewers(registry, 4))];
    await logSeeds({ db: registry.db, now: registry.now() });
    await happen(registry, panel);
    await drain(new Sequencer(registry.db));
    await signing(registry.db, await newSigner());
  });
  afterAll(() => registry.close());

  test('finds nothing amiss', async () => {
    expect(await after()).toEqual([]);
  });

  test.each([
    [
      `delete from panel_votes where ctid = (select ctid from panel_votes limit 1)`,
      ['entry-without-row panel_votes voted'],
    ],
    [
      `update panel_items set outcome = 'refuse' where kind = 'party-suspension'`,
      ['row-not-logged panel_items answered', 'entry-without-row panel_items answered'],
    ],
    [
      `delete from party_suspensions where lifted_at is null`,
      ['entry-without-row party_suspensions cause'],
    ],
    [
      `delete from admissions`,
      ['entry-without-row admissions active', 'entry-without-row admissions decided'],
    ],
    [
      `update parties set probation_until = null where id in (
        select party from admissions where outcome = 'admitted')`,
      ['entry-without-row admissions active', 'row-not-logged admissions active'],
    ],
    [
      `update challenges set position = 7`,
      ['entry-without-row challenges challenged', 'row-not-logged challenges challenged'],
    ],
    [`delete from party_warnings`, ['entry-without-row party_warnings warned']],
    [
      `update party_warnings set reversed = 0`,
      ['row-not-logged party_warnings warned', 'entry-without-row party_warnings warned'],
    ],
  ])('names what %s did', async (statement, expected) => {
    expect((await after(statement)).toSorted()).toEqual(expected.toSorted());
  });
});
