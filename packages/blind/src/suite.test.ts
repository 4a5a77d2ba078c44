import { beforeAll, describe, expect, test } from 'vitest';
import { blind } from './client.ts';
import { isScalar, largestBatch, multiply, multiplyBase, ready, scalar } from './suite.ts';

beforeAll(ready);

describe('what the other side sends', () => {
  test('is an element only if canonical and not the identity', () => {
    const element = multiplyBase(scalar.random());
    const one = Uint8Array.of(1, ...new Uint8Array(31));
    expect(multiply(one, element)).toEqual(element);
    const odd = Uint8Array.from(element);
    odd.set([odd.at(0)! ^ 1]);
    for (const bad of [
      new Uint8Array(32),
      new Uint8Array(32).fill(0xff),
      element.subarray(1),
      odd,
    ]) {
      expect(() => multiply(scalar.random(), bad)).toThrow(
        expect.objectContaining({ code: 'element-invalid' }),
      );
    }
  });

  test('is a scalar only if reduced and not zero', () => {
    expect(isScalar(scalar.random())).toBe(true);
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31)]) {
      expect(isScalar(bad)).toBe(false);
    }
  });
});

test.each([1, 2, 5])('%s scalars are inverted at once', (count) => {
  const scalars = Array.from({ length: count }, () => scalar.random());
  const one = Uint8Array.of(1, ...new Uint8Array(31));
  expect(scalar.invert(scalars).map((inverse, i) => scalar.multiply(inverse, scalars[i]!))).toEqual(
    scalars.map(() => one),
  );
});

test('a client blinds 1 to 64 inputs at once', () => {
  const inputs = (count: number) => Array.from({ length: count }, () => new Uint8Array(1));
  expect(blind(inputs(largestBatch)).blinded).toHaveLength(64);
  for (const count of [0, largestBatch + 1]) {
    expect(() => blind(inputs(count))).toThrow(expect.objectContaining({ code: 'batch-invalid' }));
  }
});
