import { describe, expect, test } from 'vitest';
import { Pace } from './pace.ts';

describe('the turns of one source', () => {
  const paced = () => {
    const clock = { at: 0 };
    const pace = new Pace({
      burst: 10,
      perSecond: 100,
      waitMs: 500,
      sources: 2,
      now: () => clock.at,
    });
    const turns = (source: string, count: number) =>
      Array.from({ length: count }, () => pace.turn(source));
    return { clock, turns };
  };

  test('come at once within a burst, then one after the other, then not at all', () => {
    const { turns } = paced();
    expect(turns('a', 10)).toEqual(Array(10).fill(0));
    expect(turns('a', 3)).toEqual([10, 20, 30]);
    expect(turns('a', 100).at(-1)).toBeUndefined();
  });

  test('take nothing from another source', () => {
    const { turns } = paced();
    turns('a', 100);
    expect(turns('b', 1)).toEqual([0]);
  });

  test('come back with time, and a refused one costs nothing', () => {
    const { clock, turns } = paced();
    turns('a', 1000);
    clock.at = 600;
    expect(turns('a', 1)).toEqual([0]);
    clock.at = 10_000;
    expect(turns('a', 11)).toEqual([...Array(10).fill(0), 10]);
  });

  test('are remembered of so many sources alone', () => {
    const { turns } = paced();
    turns('a', 100);
    turns('b', 1);
    turns('c', 1);
    expect(turns('a', 1)).toEqual([0]);
  });
});
