import { expect, test } from 'vitest';
import { idPrefixes } from '../typeid.ts';
import { reviewKinds, reviewRules } from './review.rules.ts';

type Difference = 'inHistory' | 'suspendsFirst' | 'isConfirmed';
const kindsWith = (difference: Difference) =>
  reviewKinds.filter((kind) => reviewRules[kind][difference]);

test('the id of a review says of which kind it is', () => {
  const prefixes = reviewKinds.map((kind) => reviewRules[kind].prefix);
  expect(idPrefixes).toEqual(expect.arrayContaining(prefixes));
  expect(new Set(prefixes).size).toBe(reviewKinds.length);
});

test('a creator reads the steps of an appeal, and is told of an inspection and not asked', () => {
  expect(kindsWith('inHistory')).toEqual(['appeal']);
});

test('overdue evidence suspends a record before an appeal reverses it', () => {
  expect(kindsWith('suspendsFirst')).toEqual(['appeal']);
});

test('one reviewer does not empty the registry: the eleventh decision of a day is confirmed', () => {
  expect(kindsWith('isConfirmed')).toEqual(['appeal']);
});
