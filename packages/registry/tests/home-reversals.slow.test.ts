import { merkleRoot } from '@recourse/ledger';
import {
  fromBase64url,
  sanctionRef,
  toBase64url,
  toNumericDate,
  type Id,
  type Withdrawal,
} from '@recourse/protocol';
import { random32, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drawInspections } from '../src/review/draw.rules.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { caseOf } from '../src/vault/case-key-store.ts';
import { appealCase, day, newCase, sanctionOf, startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import {
  countedOf,
  deliverInspection,
  examine,
  inspectionRows,
  intoNextQuarter,
  takeInspection,
  type TakenInspection,
} from './inspections-harness.ts';
import { detailsOf } from './panel-harness.ts';
import { problem, sqlState, withdraw } from './sanctions-harness.ts';

// A platform whose own complaint desk, an out-of-court body or a court lifted the measure withdraws within 72 hours.

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const counted = () => countedOf(registry);
const hour = 3_600;

const liftedBefore = (seconds: number): Pick<Withdrawal, 'cause' | 'lifted'> => ({
  cause: 'home-reversal',
  lifted: {
    at: toNumericDate(registry.now()) - seconds,
    by: 'complaint-desk',
    complaint: random32(),
  },
});

/** A record of Harbour that was wrong and told to another, and that Harbour calls a home reversal. */
async function reversedAtHome(
  claims: Partial<Withdrawal> = liftedBefore(hour),
  told = true,
): Promise<Id<'snc'>> {
  const { sanction } = await newCase(registry, told ? {} : { told: [] });
  resultOf(await withdraw(registry, sanction, { claims }));
  return sanction;
}

async function reversedMany(count: number): Promise<Id<'snc'>[]> {
  const all: Id<'snc'>[] = [];
  for (let n = 0; n < count; n++) all.push(await reversedAtHome());
  return all;
}

const take = (by?: TestKey): Promise<TakenInspection> => takeInspection(registry, by);

/** The reviewer reads what was shown, and finds a complaint or none. */
async function look(taken: TakenInspection, outcome: 'passed' | 'failed'): Promise<void> {
  resultOf(await deliverInspection(registry, taken));
  resultOf(await examine(registry, { by: taken.by, item: taken.item, outcome }));
}

describe('a home reversal', () => {
  test('within 72 h of the lifting is apart: it is in neither figure', async () => {
    await reversedAtHome();
    await reversedAtHome(liftedBefore(71 * hour));
    expect(await counted()).toEqual([0, 0]);
  });

  test('counts when it is late, or says of no lifting', async () => {
    await reversedAtHome(liftedBefore(73 * hour));
    await reversedAtHome({ cause: 'home-reversal' });
    expect(await counted()).toEqual([2, 2]);
  });

  test('counts under an appeal, as what was conceded', async () => {
    const theCase = await newCase(registry);
    await appealCase(registry, theCase);
    const claims = liftedBefore(hour);
    expect(resultOf(await withdraw(registry, theCase.sanction, { claims }))).toMatchObject({
      state: 'reversed',
    });
    expect(await counted()).toEqual([1, 1]);
  });

  test('says of a lifting that came before it, and no other withdrawal says so', async () => {
    const { sanction } = await newCase(registry);
    const refused = async (claims: Partial<Withdrawal>) =>
      problem(await withdraw(registry, sanction, { claims }));
    expect(await refused(liftedBefore(-2 * hour))).toContain('in-the-future');
    expect(await refused({ ...liftedBefore(hour), cause: 'error' })).toContain('unexpected');
    expect(await sanctionOf(registry, sanction)).toMatchObject({ state: 'visible' });
  });
});

describe('the draw of the next quarter', () => {
  test('takes ten of them, as anybody repeats it who has the list', async () => {
    const all = await reversedMany(12);
    await reversedAtHome(liftedBefore(hour), false);
    await reversedAtHome(liftedBefore(80 * hour));
    await intoNextQuarter(registry);
    const [entry] = await detailsOf(registry, 'inspections-drawn');
    const refs = await Promise.all(
      all.map(async (sanction) =>
        sanctionRef((await caseOf(registry, sanction))!.caseKey.salt('ref'), sanction),
      ),
    );
    const drawn = drawInspections({ root: entry!['root'] as string, refs, most: 10 });
    const rootOf = (list: readonly string[]) => ({
      count: list.length,
      root: toBase64url(merkleRoot(list.map((ref) => fromBase64url(ref)))),
    });
    expect(entry).toMatchObject({
      eligible: { count: 0 },
      homeReversals: { eligible: rootOf(refs.toSorted()), drawn: rootOf(drawn) },
    });
    const examined = await registry.db.selectFrom('inspections').selectAll().execute();
    expect(examined.map(({ why }) => why)).toEqual(Array(10).fill('home-reversal'));
    expect(
      examined.map(({ sanction }) => refs[all.indexOf(sanction as Id<'snc'>)]).toSorted(),
    ).toEqual(drawn.toSorted());
    await settleDue(registry.services);
    expect(await detailsOf(registry, 'inspections-drawn')).toHaveLength(1);
  });

  test('shows a reviewer the complaint, and neither side the evidence of the record', async () => {
    const claims = liftedBefore(hour);
    const { complaint: commitment } = claims.lifted!;
    await reversedAtHome(claims);
    await intoNextQuarter(registry);
    const taken = await take();
    expect(taken.why).toBe('home-reversal');
    const seen = await registry.call(taken.by, 'review.get', { appeal: taken.item });
    const evidence = [{ item: 0, class: 'complaint', commitment, delivered: false }];
    expect(resultOf(seen)).toMatchObject({ evidence, withdrawal: expect.any(String) });
    const owed = await registry.call(registry.parties.harbour.service, 'appeals.get', {
      appeal: taken.item,
    });
    expect(resultOf(owed)).toMatchObject({ evidence });
    const early = { by: taken.by, item: taken.item, outcome: 'passed' } as const;
    expect(problem(await examine(registry, early))).toContain('not-delivered');
    await look(taken, 'passed');
    expect(await counted()).toEqual([0, 0]);
  });

  test('counts what no complaint is found behind, in both figures, and once', async () => {
    const sanction = await reversedAtHome();
    await intoNextQuarter(registry);
    await look(await take(), 'failed');
    expect(await counted()).toEqual([1, 1]);
    expect(await sanctionOf(registry, sanction)).toMatchObject({ state: 'withdrawn' });
  });

  test('counts what is not shown in 7 d: what comes later is refused', async () => {
    await reversedAtHome();
    await intoNextQuarter(registry);
    const taken = await take();
    registry.advance(11 * day);
    expect(problem(await deliverInspection(registry, taken))).toContain('closed');
    await settleDue(registry.services);
    expect(await inspectionRows(registry)).toEqual([
      { outcome: 'failed', closed_as: 'undelivered' },
    ]);
    expect(await counted()).toEqual([1, 1]);
  });

  test('leaves apart what no reviewer had time for', async () => {
    await reversedAtHome();
    await intoNextQuarter(registry);
    registry.advance(33 * day);
    await settleDue(registry.services);
    expect(await inspectionRows(registry)).toEqual([{ outcome: null, closed_as: 'undecided' }]);
    expect(await counted()).toEqual([0, 0]);
  });
});

test('a platform that calls each conceded wrong record a home reversal is counted for all', async () => {
  await reversedMany(12);
  expect(await counted()).toEqual([0, 0]);
  await intoNextQuarter(registry);
  const [first, second] = registry.parties.panel;
  await look(await take(first), 'passed');
  await look(await take(first), 'failed');
  // One may be a file that was lost. Of two the platform is believed in nothing that nobody looked at.
  expect(await counted()).toEqual([1, 1]);
  await look(await take(second), 'failed');
  expect(await counted()).toEqual([4, 4]);
  for (let n = 0; n < 7; n++) await take(n < 4 ? first : second);
  registry.advance(11 * day);
  await settleDue(registry.services);
  expect(await counted()).toEqual([11, 11]);
  const warned = await detailsOf(registry, 'party-warned');
  expect(warned).toMatchObject([{ party: registry.parties.harbour.id }]);
});

describe('the service role, by SQL', () => {
  const attack = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));

  test('says of no other end that a measure was lifted, nor of a lifting after it', async () => {
    const { sanction } = await newCase(registry);
    const end = (row: string) =>
      attack(`insert into ends (sanction, kind, cause, at, by_party, lifted_at)
        select id, ${row} from sanctions, (select now() as n) t where id = '${sanction}'`);
    expect(await end(`'withdrawn', 'error', n, party, n`)).toBe('23514');
    expect(await end(`'reversed', 'conceded', n, party, n`)).toBe('23514');
    expect(await end(`'withdrawn', 'home-reversal', n, party, n + interval '1 hour'`)).toBe(
      '23514',
    );
    expect(await attack(`update ends set lifted_at = now()`)).toBe('42501');
  });

  test('asks for the complaint behind nothing else, and once', async () => {
    const lifted = await reversedAtHome();
    const other = await reversedAtHome({ cause: 'home-reversal' });
    const open = (sanction: string, digit: string) =>
      attack(`with r as (insert into reviews (id, sanction) values ('itm_' || repeat('${digit}', 26), '${sanction}'))
        insert into inspections (id, sanction, why, opened_at, due_at)
        values ('itm_' || repeat('${digit}', 26), '${sanction}', 'home-reversal', now(), now() + interval '1 day')`);
    expect(await open(other, '0')).toBe('42501');
    expect(await open(lifted, '1')).toBe('accepted');
    await attack(
      `update inspections set closed_at = now(), closed_as = 'undecided' where sanction = '${lifted}'`,
    );
    expect(await open(lifted, '2')).toBe('23505');
  });
});
