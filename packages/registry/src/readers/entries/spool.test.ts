import { expect, test } from 'vitest';
import { Ahead, numbered, Spools, type Line } from './spool.ts';

function spooled(lines: readonly Line[], atOnce: number): Line[] {
  const spools = new Spools(atOnce);
  try {
    const spool = spools.spool();
    for (const line of lines) spool.add(...line);
    expect(spool.size).toBe(lines.length);
    const first = [...spool.sorted()];
    expect([...spool.sorted()]).toEqual(first);
    return first;
  } finally {
    spools.close();
  }
}

const byText = (a: Line, b: Line): number => (a.join('\t') < b.join('\t') ? -1 : 1);

test('lines come back in order, however many files they went through', () => {
  const lines = Array.from({ length: 2_000 }, (_, i) => [
    `k${(i * 7919) % 2_000}`,
    numbered(i),
    'é'.repeat(i % 50),
  ]);
  for (const atOnce of [1, 3, 100, 10_000])
    expect(spooled(lines, atOnce)).toEqual(lines.toSorted(byText));
});

test('a field may have what parts fields and lines', () => {
  const lines = [
    ['a\tb', 'c\nd'],
    ['a', '\\t\\'],
    ['', '\\n'],
  ];
  expect(spooled(lines, 1)).toEqual(expect.arrayContaining(lines));
});

test('a shorter key comes before a longer one that begins with it, and numbers in their order', () => {
  const lines = [
    ['ab', numbered(2)],
    ['a', numbered(10)],
    ['a', numbered(9)],
  ];
  expect(spooled(lines, 1)).toEqual([
    ['a', numbered(9)],
    ['a', numbered(10)],
    ['ab', numbered(2)],
  ]);
});

test('two spools are read beside each other', () => {
  const ahead = new Ahead(
    [['a'], ['b', '1'], ['b', '2'], ['d']].values() as Iterator<Line, undefined>,
  );
  const passed: Line[] = [];
  expect(ahead.upTo('b', (line) => passed.push(line))).toEqual([
    ['b', '1'],
    ['b', '2'],
  ]);
  expect(passed).toEqual([['a']]);
  expect([ahead.upTo('c'), ahead.next]).toEqual([[], ['d']]);
});
