import { beforeAll, describe, expect, test } from 'vitest';
import { blind } from './client.ts';
import { assertElement, isScalar, largestBatch, multiplyBase, ready, scalar } from './suite.ts';

beforeAll(ready);

describe('what the other side sends', () => {
  test('is an element only if canonical and not the identity', () => {
    const element = multiplyBase(scalar.random());
    assertElement(element);
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(0xff), element.subarray(1)]) {
      expect(() => assertElement(bad)).toThrow(
        expect.objectContaining({ code: 'element-invalid' }),
      );
    }
    const odd = Uint8Array.from(element);
    odd.set([odd.at(0)! ^ 1]);
    expect(() => assertElement(odd)).toThrow(expect.objectContaining({ code: 'element-invalid' }));
  });

  test('is a scalar only if reduced and not zero', () => {
    expect(isScalar(scalar.random())).toBe(true);
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31)]) {
      expect(isScalar(bad)).toBe(false);
    }
  });
});

test('a client blinds 1 to 64 inputs at once', () => {
  const inputs = (count: number) => Array.from({ length: count }, () => new Uint8Array(1));
  expect(blind(inputs(largestBatch)).blinded).toHaveLength(64);
  for (const count of [0, largestBatch + 1]) {
    expect(() => blind(inputs(count))).toThrow(expect.objectContaining({ code: 'batch-invalid' }));
  }
});
