import { expect, test } from 'vitest';
import { SourceLimits } from './source-limits.ts';

function limits(options: { sources?: number } = {}) {
  const clock = { now: 0 };
  const made = new SourceLimits({ burst: 20, perSecond: 2, now: () => clock.now, ...options });
  return { limits: made, clock };
}

const charge = (to: SourceLimits, source: string, times: number): void => {
  for (let i = 0; i < times; i++) to.charge(source);
};

test('a source is limited when its burst of failures is used up, and no other source is', () => {
  const { limits: sources } = limits();
  charge(sources, '192.0.2.1', 19);
  expect(sources.waitSeconds('192.0.2.1')).toBe(0);
  charge(sources, '192.0.2.1', 1);
  expect(sources.waitSeconds('192.0.2.1')).toBe(1);
  expect(sources.waitSeconds('192.0.2.2')).toBe(0);
});

test('a source without failures is never limited, and not remembered', () => {
  const { limits: sources } = limits();
  for (let i = 0; i < 1000; i++) expect(sources.waitSeconds('192.0.2.1')).toBe(0);
  expect(sources.size).toBe(0);
});

test('a limited source returns when a tenth of its bucket is back', () => {
  const { limits: sources, clock } = limits();
  charge(sources, '192.0.2.1', 30);
  clock.now = 900;
  expect(sources.waitSeconds('192.0.2.1')).toBe(1);
  clock.now = 1000;
  expect(sources.waitSeconds('192.0.2.1')).toBe(0);
});

test('memory is bounded: the source longest unseen is forgotten, a flooding one is kept', () => {
  const { limits: sources } = limits({ sources: 100 });
  charge(sources, '192.0.2.1', 20);
  for (let i = 0; i < 10_000; i++) {
    sources.charge(`2001:db8:${i.toString(16)}::`);
    if (i % 50 === 0) sources.charge('192.0.2.1');
  }
  expect(sources.size).toBe(100);
  expect(sources.waitSeconds('192.0.2.1')).toBeGreaterThan(0);
});

test('calls sent at once cannot exceed what is left, and good ones get their unit back', () => {
  const { limits: sources } = limits();
  charge(sources, '192.0.2.1', 12);
  const entered = Array.from({ length: 50 }, () => sources.enter('192.0.2.1'));
  expect(entered.filter(({ waitSeconds }) => waitSeconds === 0)).toHaveLength(8);
  const { limits: others } = limits();
  charge(others, '192.0.2.1', 12);
  for (let i = 0; i < 50; i++) {
    expect(others.enter('192.0.2.1')).toEqual({ waitSeconds: 0, isPaid: true });
    others.refund('192.0.2.1');
  }
});
