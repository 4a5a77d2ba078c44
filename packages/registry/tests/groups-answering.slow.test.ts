import type { Id, SanctionStatement } from '@recourse/protocol';
import {
  random32,
  testId,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStanding } from '../src/panel/rates-store.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { listParties } from '../src/parties/directory.ts';
import { appealCase, newCase, startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { groupOf, setGroup } from './groups-harness.ts';
import {
  accusedHarbour,
  allVote,
  closedAppeals,
  concede,
  detailsOf,
  judge,
  seatReviewers,
} from './panel-harness.ts';
import { byBoth, platformId } from './parties-operator-fixtures.ts';
import { build, problem, sqlState } from './sanctions-harness.ts';
import { countDue } from './due-fixture.ts';

let registry: TestRegistry;
let panel: TestKey[];
beforeEach(async () => {
  registry = await startAppealRegistry();
  panel = [...registry.parties.panel, ...(await seatReviewers(registry, 4))];
});
afterEach(() => registry.close());

/** Market is a company of the group of Harbour. */
const sisters = () =>
  setGroup(registry, registry.parties.market, groupOf(registry.parties.harbour));
const figuresOf = async ({ id }: TestPlatform) => {
  const { decided, reversed } = await readStanding(registry.db, id, registry.now());
  return [decided, reversed];
};

/** Records of one platform that were told to another, appealed and conceded. */
async function reversals(
  by: TestPlatform,
  count: number,
  platforms?: TestPlatform[],
): Promise<void> {
  const theCase = await newCase(registry, { by, ...(platforms ? { told: platforms } : {}) });
  const all = Array.from({ length: count }, () => ({
    as: 'conceded' as const,
    cause: 'conceded',
    closedAt: registry.now(),
  }));
  await closedAppeals(registry, theCase, all);
}

const submit = async ({ trust, service }: TestPlatform) =>
  problem(
    await registry.call(
      service,
      'sanctions.submit',
      await build(registry, { signedBy: trust, subjects: [{ token: random32() }] }),
    ),
  )[0];

describe('a group answers for its errors together', () => {
  test('by one count, of those told outside of it', async () => {
    const { harbour, market, tubely } = registry.parties;
    await sisters();
    await reversals(harbour, 2);
    await reversals(market, 1);
    await reversals(market, 5, [harbour]);
    expect([await figuresOf(harbour), await figuresOf(market), await figuresOf(tubely)]).toEqual([
      [3, 3],
      [3, 3],
      [0, 0],
    ]);
  });

  test('is warned once, whichever of its companies the last reversal is of', async () => {
    const { harbour, market } = registry.parties;
    await sisters();
    await reversals(harbour, 2);
    await judge(registry, harbour);
    expect(await detailsOf(registry, 'party-warned')).toEqual([]);
    await reversals(market, 1);
    await judge(registry, market);
    await reversals(harbour, 1);
    await judge(registry, harbour);
    await settleDue(registry.services);
    expect(await detailsOf(registry, 'party-warned')).toMatchObject([
      { party: market.id, decided: 3, reversed: 3 },
    ]);
  });

  test('not with a company of which somebody only says so', async () => {
    const { harbour, market, tubely } = registry.parties;
    const objection = { ground: 'group-undisclosed', group: groupOf(harbour) } as const;
    const party = platformId(market);
    resultOf(await registry.call(tubely.trust, 'parties.object', { party, ...objection }));
    await reversals(harbour, 3);
    expect([await figuresOf(harbour), await figuresOf(market)]).toEqual([
      [3, 3],
      [0, 0],
    ]);
  });
});

describe('a suspension of one company', () => {
  const suspended = async (): Promise<string> => {
    const item = await accusedHarbour(registry);
    await allVote(registry, { item, among: panel, outcomes: ['suspend', 'suspend', 'refuse'] });
    return item;
  };

  test('stops the new records of each of its group, and has the old ones examined', async () => {
    const { harbour, market, tubely } = registry.parties;
    await sisters();
    const old = await newCase(registry, { by: market, told: [] });
    const item = await suspended();
    expect([await submit(harbour), await submit(market), await submit(tubely)]).toEqual([
      'party-suspended',
      'party-suspended',
      '200',
    ]);
    const { rows } = await sql<{ sanction: string }>`
      select sanction from inspections where why = 're-examination'`.execute(registry.db);
    expect(rows).toEqual([{ sanction: old.sanction }]);
    const listed = await listParties(registry.db, registry.now());
    const stopped = listed.filter(({ submissionsSuspended }) => submissionsSuspended);
    expect(stopped.map(({ party }) => party).toSorted()).toEqual(
      [harbour.id, market.id].toSorted(),
    );
    const standing = resultOf(await registry.call(market.service, 'parties.standing', {}));
    expect(standing).toMatchObject({
      suspensions: [{ party: harbour.id, cause: 'error-rate', item }],
    });
  });

  test('stops one that joins the group later, and one that left it', async () => {
    const { market } = registry.parties;
    await suspended();
    expect(await submit(market)).toBe('200');
    resultOf(
      await byBoth(registry, 'platforms.setGroup', { party: platformId(market), group: 'harbour' }),
    );
    expect(await submit(market)).toBe('party-suspended');
    registry.advance(1);
    resultOf(
      await byBoth(registry, 'platforms.setGroup', { party: platformId(market), group: 'free' }),
    );
    expect(await submit(market)).toBe('party-suspended');
  });

  test('is appealed by any of the group, and lifted for all', async () => {
    const { market, tubely } = registry.parties;
    await sisters();
    const item = await suspended();
    const input = { item: item as Id<'itm'> };
    const ofTubely = await registry.call(tubely.admin, 'parties.appealSuspension', input);
    expect(problem(ofTubely)).toEqual(['not-found']);
    const answer = await registry.call(market.admin, 'parties.appealSuspension', input);
    const { item: again } = resultOf(answer) as { item: string };
    await allVote(registry, { item: again, among: panel, outcomes: ['lift', 'lift', 'lift'] });
    expect(await submit(market)).toBe('200');
  });

  test('by operators is of that platform alone', async () => {
    const { harbour, market } = registry.parties;
    await sisters();
    const input = { party: platformId(harbour), what: 'submissions', why: 'terms' } as const;
    resultOf(await byBoth(registry, 'platforms.suspend', input));
    expect([await submit(harbour), await submit(market)]).toEqual(['party-suspended', '200']);
  });

  test('takes no record of the group in the database, whoever writes it', async () => {
    const { market } = registry.parties;
    const { sanction } = await newCase(registry, { by: market, told: [] });
    await sisters();
    const copy = () => {
      const id = testId('snc', registry.now());
      const change = JSON.stringify({ id, statement: 'copied', proof: null });
      return sqlState(
        sql`insert into sanctions
          select (jsonb_populate_record(s, ${change}::text::jsonb)).* from sanctions s
          where s.id = ${sanction}`.execute(registry.db),
      );
    };
    expect(await copy()).toBe('accepted');
    await suspended();
    expect(await copy()).toBe('23514');
  });
});

describe('appeals on expression that are conceded', () => {
  const impersonation = (): Partial<SanctionStatement> => ({
    reason: 'identity.impersonation',
    evidence: [{ class: 'claimant-verification', commitment: random32() }],
  });
  async function conceded(
    by: TestPlatform,
    statement?: Partial<SanctionStatement>,
    grounds: readonly ['expression' | 'not-me', 'expression'?] = ['expression'],
  ) {
    const theCase = await newCase(registry, { by, told: [], ...(statement ? { statement } : {}) });
    const [opened, ground] = grounds;
    const { id } = await appealCase(registry, theCase, { ground: opened });
    const join = { key: theCase.key, words: 'It was a parody.' };
    if (ground) resultOf(await registry.caseCall('case.join', { ...join, ground }));
    resultOf(await concede(registry, { sanction: theCase.sanction, appeal: id, by }));
  }
  const asked = () => detailsOf(registry, 'panel-opened');
  const held = async (): Promise<string[]> => {
    const rows = await registry.db
      .selectFrom('sanctions')
      .select('party')
      .where('backlogged', '=', true)
      .orderBy('party')
      .execute();
    return rows.map(({ party }) => party);
  };

  test('twice on speech-adjacent codes hold what a group submits, disclosed or not, at once', async () => {
    const { harbour, market } = registry.parties;
    await sisters();
    await conceded(harbour, impersonation());
    expect([await submit(harbour), await asked()]).toEqual(['200', []]);
    await conceded(market, impersonation());
    expect(await asked()).toMatchObject([{ party: market.id, kind: 'speech', reversed: 2 }]);
    expect(await held()).toEqual([]);
    expect([await submit(harbour), await submit(market)]).toEqual(['200', '200']);
    expect(await held()).toEqual([harbour.id, market.id].toSorted());
    await settleDue(registry.services);
    expect(await asked()).toHaveLength(1);
  });

  test('also where a claimant joined with that ground', async () => {
    const { harbour } = registry.parties;
    for (let n = 0; n < 2; n++) await conceded(harbour, impersonation(), ['not-me']);
    expect(await asked()).toEqual([]);
    for (let n = 0; n < 2; n++) await conceded(harbour, impersonation(), ['not-me', 'expression']);
    expect(await asked()).toMatchObject([{ party: harbour.id, kind: 'speech' }]);
  });

  test('on other codes do not', async () => {
    const { harbour } = registry.parties;
    for (let n = 0; n < 2; n++) await conceded(harbour);
    expect([await asked(), await submit(harbour), await held()]).toEqual([[], '200', []]);
  });

  test('what both missed the due work asks, once for the group', async () => {
    const { harbour, market } = registry.parties;
    await sisters();
    await conceded(harbour, impersonation());
    await conceded(market, impersonation());
    await registry.ownerDb.deleteFrom('panel_items').execute();
    const { failures } = await settleDue(registry.services);
    const remaining = await countDue(registry);
    expect([failures, remaining]).toEqual([[], 0]);
    expect(await registry.db.selectFrom('panel_items').select('kind').execute()).toEqual([
      { kind: 'speech' },
    ]);
  });
});
