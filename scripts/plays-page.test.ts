import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isExpected, playsIn, verdictOf, withRuns } from './plays-page.ts';

const page = `# Plays

| play | what the attacker does | result | test | last run |
|---|---|---|---|---|
| one | takes it | nothing | \`a/x.test.ts\` "takes %s from (nobody)"; \`a/y.test.ts\` "at once" | held |
| two | waits | a day | \`a/x.test.ts\` "waits" | open |

More.
`;
const report = (...tests: [file: string, title: string, status: string][]) => ({
  testResults: tests.map(([file, title, status]) => ({
    name: `/root/${file}`,
    status: 'passed',
    assertionResults: [{ title, status }],
  })),
});

test('a play has its tests, and every play of the page a name of its own', () => {
  const [one, two] = playsIn(page);
  expect(one).toEqual({
    name: 'one',
    says: 'takes it',
    result: 'nothing',
    tests: [
      { file: 'a/x.test.ts', title: 'takes %s from (nobody)' },
      { file: 'a/y.test.ts', title: 'at once' },
    ],
    lastRun: 'held',
  });
  expect(two?.lastRun).toBe('open');
  expect(() => playsIn(page.replace('`a/x.test.ts` "waits"', 'by hand'))).toThrow('its tests');
  const names = playsIn(readFileSync('docs/hostile-plays.md', 'utf8')).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(40);
  expect(new Set(names).size).toBe(names.length);
});

test('it is held when each of its tests ran and passed', () => {
  const [one, two] = playsIn(page);
  const verdict = (...tests: Parameters<typeof report>) =>
    verdictOf(one!, report(...tests), new Set());
  const taken = ['a/x.test.ts', 'takes it from (nobody), ever', 'passed'] as const;
  expect(verdict([...taken], ['a/y.test.ts', 'at once', 'passed'])).toBe('held');
  expect(verdict([...taken], ['a/y.test.ts', 'at once', 'failed'])).toBe('NOT HELD');
  expect(verdict([...taken], ['a/y.test.ts', 'at once', 'skipped'])).toBe('not played');
  expect(verdict([...taken])).toBe('not played');
  const open = new Set(['two']);
  const waits = (status: string) => verdictOf(two!, report(['a/x.test.ts', 'waits', status]), open);
  expect([waits('failed'), waits('passed')]).toEqual(['open', 'held, but listed as open']);
  expect([isExpected('open'), isExpected('held, but listed as open')]).toEqual([true, false]);
});

test('a title of a table stands for each of its tests', () => {
  const [one] = playsIn(page.replace('takes %s from', 'takes $name from'));
  const taken = ['a/x.test.ts', 'takes it from (nobody)', 'passed'] as const;
  expect(verdictOf(one!, report([...taken], ['a/y.test.ts', 'at once', 'passed']), new Set())).toBe(
    'held',
  );
});

test('what a run found is written into its rows, and nowhere else', () => {
  const written = withRuns(page, new Map([['two', 'NOT HELD']]));
  expect(written).toBe(page.replace('"waits" | open |', '"waits" | NOT HELD |'));
});
