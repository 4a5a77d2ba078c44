import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findRooms } from './mutation/rooms.ts';
import { percent, scoreLine, tally, type Mutant } from './mutation/tally.ts';

const source = ['export const least = (n: number) =>', '  n >= 5', '    && n < 9;'].join('\n');
const mutant = (status: string, replacement = 'n > 5'): Mutant => ({
  fileName: 'a.ts',
  status,
  replacement,
  location: { start: { line: 2, column: 3 }, end: { line: 2, column: 9 } },
});
const equivalent = {
  file: 'a.ts',
  line: 'n >= 5',
  was: 'n >= 5',
  becomes: 'n > 5',
  why: 'never 5',
};
const count = (mutants: Mutant[], listed = [equivalent].slice(1)) =>
  tally(mutants, listed, () => source);

describe('a tally of mutants', () => {
  test('counts as killed what a test noticed, or what never ended', () => {
    expect(count(['Killed', 'Timeout', 'Killed'].map((status) => mutant(status)))).toEqual({
      killed: 3,
      total: 3,
      equivalent: 0,
      survivors: [],
      stale: [],
    });
  });

  test('counts as survivors what no test noticed, and what no test runs', () => {
    expect(count([mutant('Survived'), mutant('NoCoverage'), mutant('Killed')])).toMatchObject({
      killed: 1,
      total: 3,
      survivors: ['a.ts:2  n >= 5  ->  n > 5', 'a.ts:2  n >= 5  ->  n > 5'],
    });
  });

  test('leaves out what was never a program', () => {
    expect(
      count([mutant('CompileError'), mutant('RuntimeError'), mutant('Ignored')]),
    ).toMatchObject({ killed: 0, total: 0 });
  });

  test('counts apart what is listed as equivalent', () => {
    expect(count([mutant('Survived'), mutant('Survived', 'true')], [equivalent])).toMatchObject({
      killed: 0,
      total: 1,
      equivalent: 1,
      survivors: ['a.ts:2  n >= 5  ->  true'],
      stale: [],
    });
  });

  test('says what is listed and is not so', () => {
    expect(count([mutant('Killed')], [equivalent]).stale).toEqual(['a.ts  n >= 5  ->  n > 5']);
  });

  test('shows a change over several lines as one line', () => {
    const whole = {
      ...mutant('Survived', '() =>\n  undefined'),
      location: { start: { line: 1, column: 22 }, end: { line: 3, column: 13 } },
    };
    expect(count([whole]).survivors).toEqual([
      'a.ts:1  (n: number) => n >= 5 && n < 9  ->  () => undefined',
    ]);
  });
});

test('the last line is the score over all directories, rounded down', () => {
  const counts = { equivalent: 1, survivors: [], stale: [] };
  expect(
    scoreLine([
      { ...counts, killed: 1, total: 2 },
      { ...counts, killed: 1, total: 1 },
    ]),
  ).toBe('mutation score 66.6 % (2/3), 1 survivors');
  expect([percent(999, 1000), percent(9999, 10_000), percent(0, 0)]).toEqual([
    '99.9',
    '99.9',
    '100.0',
  ]);
});

test('every rule file is in one room, with the tests of its directory', () => {
  const rooms = findRooms(process.cwd());
  const files = rooms.flatMap(({ mutate }) => mutate);
  expect(new Set(files).size).toBe(files.length);
  expect(rooms.every(({ tests, name }) => tests.every((test) => test.startsWith(`${name}/`)))).toBe(
    true,
  );
  expect(rooms.filter(({ tests }) => tests.length === 0)).toEqual([]);
  const rules = globSync('packages/*/src/**/*.rules.ts');
  expect(rules.length).toBeGreaterThan(40);
  expect(files).toEqual(expect.arrayContaining(rules));
});
