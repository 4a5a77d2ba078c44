import type { CaseView, OpOutput } from '@recourse/protocol';
import type { TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { day, newCase, recallsOf, startAppealRegistry, type TestCase } from './appeals-harness.ts';
import { askNew, resultOf } from './checks-fixture.ts';
import {
  countedOf,
  deliverInspection,
  examine,
  inspectionRows,
  takeInspection,
} from './inspections-harness.ts';
import { accusedHarbour, allVote, detailsOf } from './panel-harness.ts';
import { tried, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const suspendHarbour = async () =>
  allVote(registry, {
    item: await accusedHarbour(registry),
    among: [...registry.parties.panel, ...registry.parties.reserve],
    outcomes: ['suspend', 'suspend', 'suspend'],
  });

/** What a check hears of a record: the advice, and whether its reason is told. */
async function heard({ tokens }: TestCase): Promise<[advice: string, isTold: boolean]> {
  const answer = await askNew(registry, registry.parties.tubely, [tokens[0]!, tokens[1]!]);
  const { advice, matches } = resultOf(answer) as OpOutput<'checks.match'>;
  return [advice, matches.some(({ statement }) => statement !== undefined)];
}

const read = async <T>(op: 'parties.standing' | 'appeals.list'): Promise<T> =>
  resultOf(await registry.call(registry.parties.harbour.service, op, {})) as T;
const unexamined = async (): Promise<unknown> => [
  (await read<OpOutput<'parties.standing'>>('parties.standing')).unexamined,
  (await read<OpOutput<'appeals.list'>>('appeals.list')).inspections.map((one) => one.unexamined),
];
const seenByCreator = async (theCase: TestCase): Promise<unknown> => {
  const answer = await registry.caseCall('case.open', { code: theCase.key });
  const { state, inspections } = answer.body.result.data.case as CaseView;
  return [state, ...inspections.map((one) => one.unexamined)];
};

describe('old records of a suspended platform', () => {
  test('answer verify-identity alone, without the reason, from 30 d on until somebody examined them', async () => {
    const old = await newCase(registry);
    await suspendHarbour();
    expect(await detailsOf(registry, 'party-suspended')).toMatchObject([{ records: 1 }]);
    registry.advance(29 * day);
    expect(await heard(old)).toEqual(['review', true]);
    expect([await unexamined(), await seenByCreator(old)]).toEqual([
      [0, [undefined]],
      ['visible', undefined],
    ]);
    registry.advance(4 * day);
    for (const hasRun of [false, true]) {
      if (hasRun) await settleDue(registry.services);
      expect(await heard(old)).toEqual(['verify-identity', false]);
      expect([await unexamined(), await seenByCreator(old)]).toEqual([
        [1, [true]],
        ['visible', true],
      ]);
    }
    // Nobody was told of a pause, since there is none.
    expect(await recallsOf(registry, old.sanction)).toEqual([]);
    const taken = await takeInspection(registry);
    expect(taken.sanction).toBe(old.sanction);
    resultOf(await deliverInspection(registry, taken));
    resultOf(await examine(registry, { by: taken.by, item: taken.item, outcome: 'passed' }));
    expect(await heard(old)).toEqual(['review', true]);
    expect([await unexamined(), await seenByCreator(old)]).toEqual([
      [0, []],
      ['visible', undefined],
    ]);
  });

  test('nor does a match advise to review then, whoever writes it', async () => {
    const old = await newCase(registry);
    await suspendHarbour();
    registry.advance(33 * day);
    await heard(old);
    const attack = `update matches set advice = 'review'
      where sanction = '${old.sanction}' and advice = 'verify-identity'`;
    const control = 'drop trigger matches_advice on matches';
    expect(await tried(registry, [attack], control)).toEqual([['23514'], ['accepted']]);
  });

  test('are withdrawn without being counted', async () => {
    const old = await newCase(registry);
    await suspendHarbour();
    resultOf(await withdraw(registry, old.sanction));
    expect(await inspectionRows(registry)).toEqual([{ outcome: null, closed_as: 'ended' }]);
    expect(await countedOf(registry)).toEqual([5, 5]);
  });
});
