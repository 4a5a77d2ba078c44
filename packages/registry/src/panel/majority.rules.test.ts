import { panelKinds, panelRules, type PanelOutcome } from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import { majorityOf, struckBy } from './majority.rules.ts';

const S: PanelOutcome = 'suspend';
const R: PanelOutcome = 'refuse';

describe('three reviewers, and a majority of them for the harsher outcome', () => {
  test.each([
    [[], R],
    [[S], R],
    // Two of two would be a majority of those who came.
    [[S, S], R],
    [[S, R, R], R],
    [[S, S, R], S],
    [[R, S, S], S],
    [[S, S, S], S],
    [[R, R, R], R],
  ])('%j: %s', (votes, outcome) => {
    expect(majorityOf('party-suspension', votes)).toBe(outcome);
    expect(majorityOf('inquiry', votes)).toBe(outcome);
  });
});

test('a suspension that is appealed is lifted unless a majority upholds it', () => {
  expect(majorityOf('suspension-appeal', ['uphold', 'uphold', 'lift'])).toBe('uphold');
  expect(majorityOf('suspension-appeal', ['uphold', 'lift', 'lift'])).toBe('lift');
});

test.each(panelKinds)('without votes %s comes to the milder outcome', (kind) => {
  expect(majorityOf(kind, [])).toBe(panelRules[kind].milder);
});

test('a case is struck by two of three, and none before all votes are in', () => {
  expect(struckBy('strikes', [['a', 'b'], ['b'], []])).toEqual(['b']);
  expect(struckBy('strikes', [['a', 'a'], ['b'], ['c']])).toEqual([]);
  expect(struckBy('strikes', [['a'], ['a']])).toEqual([]);
});
