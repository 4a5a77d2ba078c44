import { caseKey, endCauses, exemptEnds, toNumericDate } from '@recourse/protocol';
import { newSecret, testId, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStanding } from '../src/panel/rates-store.ts';
import {
  appealCase,
  claimCase,
  day,
  decide,
  newCase,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import * as cases from './cases-fixture.ts';
import { resultOf } from './checks-fixture.ts';
import { closedAppeals, concede, type ClosedAppeal } from './panel-harness.ts';
import { findClaimant } from '../src/review/claimant-store.ts';
import { insertEnd } from '../src/records/store.ts';
import { sqlState, withdraw } from './sanctions-harness.ts';

// Neither a submitter nor its friends choose what counts.

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const counted = async (): Promise<[decided: number, reversed: number]> => {
  const { harbour } = registry.parties;
  const { decided, reversed } = await readStanding(registry.db, harbour.id, registry.now());
  return [decided, reversed];
};
const times = (count: number, closed: ClosedAppeal) => Array.from({ length: count }, () => closed);
/** A record that was told to another; its claimant came by the code that the platform handed out. */
const told = () => newCase(registry);
/** Its claimant proved an identifier, too. */
async function proven(): Promise<TestCase> {
  const theCase = await told();
  await cases.proveAll(registry, theCase.key);
  return theCase;
}
async function conceded(theCase: TestCase, cause: 'victim' | 'error' = 'victim'): Promise<void> {
  const { id } = await appealCase(registry, theCase, { ground: 'not-me' });
  resultOf(await concede(registry, { sanction: theCase.sanction, appeal: id, cause }));
}

describe('a platform that opens the appeals of its own victims', () => {
  test('by codes that it handed out, and concedes each at once, is counted', async () => {
    for (let n = 0; n < 12; n++) await conceded(await told());
    expect(await counted()).toEqual([12, 12]);
  });

  test('or by addresses that it planted, has three of them left out, and no more', async () => {
    for (let n = 0; n < 12; n++) await conceded(await proven());
    expect(await counted()).toEqual([12, 9]);
  });
});

test('a platform that says that its key was stolen is counted for what it voids', async () => {
  const { trust, admin } = registry.parties.harbour;
  const since = toNumericDate(registry.now()) - 60;
  for (let n = 0; n < 12; n++) await told();
  const stolen = { revoked_why: 'compromised', revocation: '{}' } as const;
  await registry.ownerDb
    .updateTable('keys')
    .set({
      ...stolen,
      revoked_at: registry.now(),
      compromised_since: new Date(since * 1000),
    })
    .where('kid', '=', trust.kid)
    .execute();
  const voided = await registry.call(admin, 'sanctions.void', {
    kid: trust.kid,
    since,
  });
  expect(resultOf(voided)).toMatchObject({ remaining: 0 });
  expect(await counted()).toEqual([12, 12]);
});

describe('what is left out of what went against it', () => {
  const toVictim = {
    as: 'conceded',
    cause: 'conceded',
    concession: 'victim',
    ground: 'not-me',
    proven: true,
  } as const;

  test('is at most one in twenty, once that is more than three', async () => {
    const closedAt = registry.now();
    const openedAt = new Date(closedAt.getTime() - day * 1000);
    const upheld = {
      as: 'decided',
      outcome: 'upheld',
      proven: true,
      closedAt,
    } as const;
    await closedAppeals(registry, await told(), times(90, upheld));
    await closedAppeals(registry, await told(), times(9, { ...toVictim, closedAt, openedAt }));
    expect(await counted()).toEqual([99, 5]);
    await closedAppeals(registry, await told(), [upheld]);
    expect(await counted()).toEqual([100, 4]);
  });

  test.each([0, 1])(
    'is what the first who used a delivered code opened; who used it later may be anybody (%i before)',
    async (before) => {
      const { sanction, tokens } = await newCase(registry, {
        notify: false,
        told: [],
      });
      const [code] = await registry.deliver(sanction);
      const claimed: TestCase[] = [];
      for (let n = 0; n <= before; n++) {
        registry.advance(60);
        const key = newSecret();
        cases.resultOf(await registry.caseCall('case.claim', { code: code!, newKey: key }));
        const { id: claimant } = (await findClaimant(registry.db, caseKey(key)))!;
        claimed.push({ sanction, tokens, key, claimant });
      }
      const { proven: isProven } = await appealCase(registry, claimed.at(-1)!);
      expect(isProven).toBe(before === 0);
    },
  );

  test('is told from the ways of its claimant, whoever writes the row', async () => {
    const theCase = await told();
    const closed = { as: 'withdrawn', closedAt: registry.now() } as const;
    const [first] = await closedAppeals(registry, theCase, [closed]);
    const id = testId('apl', registry.now());
    const written = sql`with r as (insert into reviews (id, sanction) values (${id}, ${theCase.sanction}))
      insert into appeals (id, sanction, submitter, claimant, ground, proven, language, words, reviewers, opened_at,
        assignment_due_at, decision_due_at, undecided_at, bound)
      select ${id}, sanction, submitter, claimant, ground, true, language, words, reviewers, opened_at,
        assignment_due_at, decision_due_at, undecided_at, bound
      from appeals where id = ${first!}`;
    expect(await sqlState(written.execute(registry.db))).toBe('23514');
    const change = sql`update appeals set proven = true where id = ${first!}`;
    expect(await sqlState(change.execute(registry.db))).toBe('42501');
  });
});

describe('a denominator', () => {
  test('does not grow by appeals of friends that are dismissed or upheld', async () => {
    for (let n = 0; n < 6; n++) await conceded(await told(), 'error');
    const [reviewer] = registry.parties.panel;
    for (let n = 0; n < 3; n++) {
      const theCase = await told();
      const { id: appeal } = await appealCase(registry, theCase);
      await claimCase(registry, reviewer, appeal);
      const decision = { outcome: 'dismissed' } as const;
      resultOf(await decide(registry, { ...theCase, appeal, by: reviewer, decision }));
    }
    const upheld = {
      as: 'decided',
      outcome: 'upheld',
      closedAt: registry.now(),
    } as const;
    await closedAppeals(registry, await told(), times(15, upheld));
    expect(await counted()).toEqual([6, 6]);
  });
});

describe('a platform that withdraws what others were told', () => {
  test.each(['error', 'settled', 'victim', 'mistaken-identity', 'home-reversal'] as const)(
    'before anybody appeals, for the cause %s, is counted',
    async (cause) => {
      for (let n = 0; n < 15; n++) {
        resultOf(
          await withdraw(registry, (await told()).sanction, {
            claims: { cause },
          }),
        );
      }
      expect(await counted()).toEqual([15, 15]);
    },
  );
});

describe('a record that ended before its time', () => {
  const exempt = new Set<string>(exemptEnds);
  // No end is before its time, is a submitter's, and is one without the row of an order, in this order.
  const apart = new Set<string>(['expired', 'undecided', 'order']);
  const causes = endCauses.filter((cause) => !apart.has(cause));

  test.each(causes)('by %s is counted, or is exempt by name', async (cause) => {
    const { sanction } = await told();
    const { id } = registry.parties.harbour;
    const end = { kind: 'withdrawn', cause, at: registry.now(), by_party: id } as const;
    await insertEnd(registry.ownerDb, { sanction, ...end, artefact: null });
    const [decided] = await counted();
    expect(decided).toBe(exempt.has(cause) ? 0 : 1);
  });
});

test('a record that its submitter withdrew, and that was found wrong later, counts once', async () => {
  const theCase = await told();
  resultOf(await withdraw(registry, theCase.sanction));
  expect(await counted()).toEqual([1, 1]);
  await conceded(theCase);
  expect(await counted()).toEqual([1, 1]);
});
