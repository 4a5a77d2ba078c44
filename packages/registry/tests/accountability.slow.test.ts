import type { TestRegistry } from '@recourse/testkit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { figuresOf } from '../src/panel/rates.rules.ts';
import { readStanding } from '../src/panel/rates-store.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { appealCase, day, newCase, startAppealRegistry, type TestCase } from './appeals-harness.ts';
import {
  closedAppeals,
  conceded,
  detailsOf,
  itemRows,
  judge,
  type ClosedAppeal,
} from './panel-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { withdraw } from './sanctions-harness.ts';
import { countDue } from './due-fixture.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const ago = (days: number): Date => new Date(registry.now().getTime() - days * day * 1_000);
const figures = async () => {
  const { harbour } = registry.parties;
  const standing = await readStanding(registry.db, harbour.id, registry.now());
  const { decided, reversed, reversedIn90Days, newestReversal } = standing;
  return { decided, reversed, reversedIn90Days, newestReversal };
};
const counted = async () => {
  const { decided, reversed } = await figures();
  return [decided, reversed];
};
const warnings = () => detailsOf(registry, 'party-warned');

describe('what counts', () => {
  const toVictim = { as: 'conceded', cause: 'conceded', concession: 'victim' } as const;
  const rows: [string, Omit<ClosedAppeal, 'closedAt'> & { days?: number }, [number, number]][] = [
    ['upheld', { as: 'decided', outcome: 'upheld', proven: true }, [1, 0]],
    ['upheld that a shared way opened', { as: 'decided', outcome: 'upheld' }, [0, 0]],
    ['amended', { as: 'decided', outcome: 'amended' }, [1, 0]],
    ['dismissed', { as: 'decided', outcome: 'dismissed', proven: true }, [0, 0]],
    ['reversed', { as: 'decided', outcome: 'reversed', cause: 'error' }, [1, 1]],
    ['a finding', { as: 'decided', outcome: 'finding', cause: 'error' }, [1, 1]],
    ['conceded', { as: 'conceded', cause: 'conceded' }, [1, 1]],
    ['withdrawn under it', { as: 'conceded', cause: 'error' }, [1, 1]],
    ['undelivered', { as: 'undelivered', cause: 'evidence-not-delivered' }, [1, 1]],
    ['never decided', { as: 'undecided', cause: 'undecided', days: 181 }, [0, 0]],
    ['a key in other hands', { as: 'conceded', cause: 'key-compromise' }, [1, 1]],
    ['withdrawn by the creator', { as: 'withdrawn' }, [0, 0]],
    ['closed by a recovery', { as: 'restored' }, [0, 0]],
    [
      'a victim conceded to in 7 d',
      { ...toVictim, ground: 'not-me', days: 7, proven: true },
      [1, 0],
    ],
    [
      'a victim conceded to whose appeal a shared way opened',
      { ...toVictim, ground: 'not-me', days: 7 },
      [1, 1],
    ],
    [
      'who said to be the victim, conceded to as an error',
      { ...toVictim, concession: 'error', ground: 'not-me', days: 7, proven: true },
      [1, 1],
    ],
    [
      'a victim conceded to who had not said to be one',
      { ...toVictim, ground: 'facts-wrong', days: 7, proven: true },
      [1, 1],
    ],
    [
      'a victim conceded to later',
      { ...toVictim, ground: 'not-me', days: 7.01, proven: true },
      [1, 1],
    ],
  ];
  test.each(rows)('%s', async (_, { days, ...appeal }, expected) => {
    const closedAt = ago(3);
    const openedAt = new Date(closedAt.getTime() - (days ?? 20) * day * 1_000);
    await closedAppeals(registry, await newCase(registry), [{ ...appeal, closedAt, openedAt }]);
    expect(await counted()).toEqual(expected);
  });

  test('only on records that were disclosed to another', async () => {
    const untold = await newCase(registry, { told: [] });
    const reversed = { as: 'conceded', cause: 'conceded', closedAt: registry.now() } as const;
    await closedAppeals(registry, untold, [reversed]);
    expect(await counted()).toEqual([0, 0]);
  });

  test('the same as counted by hand, whatever was closed and when', async () => {
    const theCase = await newCase(registry);
    await registry.ownerDb
      .updateTable('disclosures')
      .set({ at: ago(800) })
      .execute();
    const spans = fc.array(
      fc.record({ days: fc.integer({ min: 0, max: 400 }), reversed: fc.boolean() }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(spans, async (list) => {
        await registry.ownerDb
          .with('review', (cte) => cte.deleteFrom('reviews'))
          .deleteFrom('appeals')
          .execute();
        const appeals = list.map(({ days, reversed }) => ({ closedAt: ago(days), reversed }));
        await closedAppeals(
          registry,
          theCase,
          appeals.map(({ closedAt, reversed }) => ({
            as: 'decided' as const,
            closedAt,
            ...(reversed
              ? { outcome: 'reversed' as const, cause: 'error' }
              : { outcome: 'upheld' as const, proven: true as const }),
          })),
        );
        const now = registry.now();
        const { harbour } = registry.parties;
        const { decided, reversed, reversedIn90Days, newestReversal } = await readStanding(
          registry.db,
          harbour.id,
          now,
        );
        expect({ decided, reversed, reversedIn90Days, newestReversal }).toEqual(
          figuresOf(appeals, now),
        );
      }),
      { numRuns: 25 },
    );
  });
});

describe('a warning', () => {
  test('comes in the transaction of the third reversal, in the log and to the submitter', async () => {
    await conceded(registry);
    await conceded(registry);
    expect(await warnings()).toEqual([]);
    const third = await conceded(registry);
    const { harbour } = registry.parties;
    expect(await warnings()).toEqual([{ party: harbour.id, decided: 3, reversed: 3, days: 365 }]);
    const events = await registry.db
      .selectFrom('events')
      .select(['party', 'sanction'])
      .where('type', '=', 'party-warned')
      .execute();
    expect(events).toEqual([{ party: harbour.id, sanction: third }]);
  });

  test('is given once in 365 d', async () => {
    for (let n = 0; n < 5; n++) await conceded(registry);
    expect(await warnings()).toHaveLength(1);
    registry.advance(366 * day);
    for (let n = 0; n < 3; n++) await conceded(registry);
    expect(await warnings()).toHaveLength(2);
  });

  test('a submitter that withdraws before each decision is counted', async () => {
    for (let n = 0; n < 3; n++) {
      const theCase = await newCase(registry);
      await appealCase(registry, theCase);
      resultOf(await withdraw(registry, theCase.sanction));
    }
    expect(await counted()).toEqual([3, 3]);
    expect(await warnings()).toHaveLength(1);
  });

  test('what two reversals at once both miss, the due work finds', async () => {
    const theCase = await newCase(registry);
    const reversal = { as: 'conceded', cause: 'conceded' } as const;
    const all = [3, 2, 1].map((days) => ({ ...reversal, closedAt: ago(days / 24) }));
    await registry.ownerDb
      .updateTable('disclosures')
      .set({ at: ago(9) })
      .execute();
    await closedAppeals(registry, theCase, all);
    expect(await warnings()).toEqual([]);
    await settleDue(registry.services);
    expect(await warnings()).toHaveLength(1);
  });
});

describe('the panel is asked', () => {
  test('once a warning is 30 d old, by time alone', async () => {
    for (let n = 0; n < 5; n++) await conceded(registry);
    await settleDue(registry.services);
    expect(await itemRows(registry)).toEqual([]);
    registry.advance(30 * day);
    await settleDue(registry.services);
    expect(await itemRows(registry)).toMatchObject([{ kind: 'party-suspension', outcome: null }]);
    await settleDue(registry.services);
    expect([await countDue(registry), (await itemRows(registry)).length]).toEqual([0, 1]);
  });

  test('of an inquiry at 20 reversals in 90 d', async () => {
    const theCase = await oldCase();
    await reverse(theCase, 19);
    await judge(registry, registry.parties.harbour);
    expect(await itemRows(registry)).toEqual([]);
    await reverse(theCase, 1);
    await judge(registry, registry.parties.harbour);
    expect(await itemRows(registry)).toMatchObject([{ kind: 'inquiry' }]);
  });

  test('by one that concedes everything', async () => {
    for (let n = 0; n < 4; n++) await conceded(registry);
    registry.advance(31 * day);
    expect(await itemRows(registry)).toEqual([]);
    await conceded(registry);
    expect(await itemRows(registry)).toMatchObject([{ kind: 'party-suspension' }]);
  });
});

test('a ring of losing appeals against an honest submitter neither warns nor suspends it', async () => {
  const theCase = await oldCase();
  const upheld = { as: 'decided', outcome: 'upheld', proven: true } as const;
  const all = Array.from({ length: 300 }, () => ({ ...upheld, closedAt: ago(1) }));
  await closedAppeals(registry, theCase, all);
  await judge(registry, registry.parties.harbour);
  registry.advance(31 * day);
  await settleDue(registry.services);
  expect([await warnings(), await itemRows(registry)]).toEqual([[], []]);
  expect(await counted()).toEqual([300, 0]);
});

/** Told of long ago, so that whatever was closed since counts. */
async function oldCase(): Promise<TestCase> {
  const theCase = await newCase(registry);
  await registry.ownerDb
    .updateTable('disclosures')
    .set({ at: ago(400) })
    .execute();
  return theCase;
}

const reverse = (theCase: TestCase, count: number): Promise<string[]> =>
  closedAppeals(
    registry,
    theCase,
    Array.from({ length: count }, () => ({
      as: 'conceded' as const,
      cause: 'conceded',
      closedAt: ago(1),
    })),
  );
