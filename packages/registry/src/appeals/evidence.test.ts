import { expect, test } from 'vitest';
import { evidenceStates, isSealedTo, missingItems, type DeliveryFacts } from './evidence.ts';

const item = { class: 'platform-logs' as const, commitment: 'c' };
const delivery = (of: Partial<DeliveryFacts> = {}): DeliveryFacts => ({
  item: 0,
  round: 0,
  sealed_to: ['a'],
  held: true,
  rejected_why: null,
  disputed: false,
  ...of,
});
const missing = (deliveries: DeliveryFacts[], kids = ['a']): number[] =>
  missingItems(evidenceStates([item], { deliveries, kids }));

test('delivered is what every reviewer with a key can open', () => {
  expect(missing([])).toEqual([0]);
  expect(missing([delivery()])).toEqual([]);
  expect(missing([delivery()], ['a', 'b'])).toEqual([0]);
  expect(missing([delivery({ sealed_to: ['a', 'b'] })], ['b'])).toEqual([]);
  expect(missing([delivery()], [])).toEqual([0]);
});

test('what was rejected or replaced is missing until it comes again', () => {
  const rejected = delivery({ held: false, rejected_why: 'illegal-media' });
  expect(missing([rejected])).toEqual([0]);
  expect(missing([delivery({ held: false })])).toEqual([0]);
  expect(missing([rejected, delivery({ round: 1 })])).toEqual([]);
  expect(missing([delivery(), { ...rejected, round: 1 }])).toEqual([0]);
});

test('sealed to all of them and to nobody else', () => {
  expect(isSealedTo(['a', 'b'], ['b', 'a'])).toBe(true);
  for (const recipients of [['a'], ['a', 'a'], ['a', 'b', 'c'], ['a', 'c'], []]) {
    expect([recipients, isSealedTo(recipients, ['a', 'b'])]).toEqual([recipients, false]);
  }
});
