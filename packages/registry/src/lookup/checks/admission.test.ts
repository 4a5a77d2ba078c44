import { describe, expect, test } from 'vitest';
import type { CallContext } from '../../context/context.ts';
import { assertMayCheck } from './admission.ts';

const ctx = (checksStopped: boolean): CallContext =>
  ({
    caller: { checksStopped },
    services: { tokens: { epochs: () => [{ epoch: 1 }, { epoch: 2 }] } },
  }) as unknown as CallContext;

describe('may check', () => {
  test.each([[[1]], [[1, 2]], [[]]])('under live epochs: %j', (epochs) => {
    expect(() => assertMayCheck(ctx(false), epochs)).not.toThrow();
  });

  test.each([[[3]], [[1, 3]]])('not under one that is over or never was: %j', (epochs) => {
    expect(() => assertMayCheck(ctx(false), epochs)).toThrow(
      expect.objectContaining({ code: 'unknown-epoch' }),
    );
  });

  test('not while the checks of the platform are stopped', () => {
    expect(() => assertMayCheck(ctx(true), [1])).toThrow(
      expect.objectContaining({ code: 'checks-stopped' }),
    );
  });
});
