import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkRules, readRules } from './due-process.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readRules(readFileSync(new URL('../docs/due-process.md', import.meta.url), 'utf8'));

test('every rule of docs/due-process.md has a test, and everything that it names exists', () => {
  const { rules, untested, problems } = checkRules(page, root);
  expect(problems).toEqual([]);
  expect(untested).toEqual([]);
  expect(rules).toBeGreaterThan(250);
});

const head = '| rule | held by | constraint | place | test |\n|---|---|---|---|---|';
const links = '[here]: ../scripts/named-things.test.ts\n[gone]: ../scripts/gone.test.ts';
const proof = '[here] "what is there is not"';

/** A page with these lines in its table; the links and the first row, in line 5, are in order. */
const pageOf = (lines: string): string =>
  `# A\n## B\n${head}\n| One | code | | [here], [gone] | ${proof} |\n${lines}\n\n${links}\n`;

test('a row is read as it is written', () => {
  const row = String.raw`| A \| b | database | \`x_key\`, \`y\` | [gone], \`z\` | [here] "a; b"; [gone] "c "d"" |`;
  expect(readRules(pageOf(row.replaceAll('\\`', '`'))).chapters[0]?.rules[1]).toEqual({
    line: 6,
    rule: 'A | b',
    heldBy: 'database',
    constraints: ['x_key', 'y'],
    where: ['scripts/gone.test.ts', 'z'],
    tests: [
      { file: 'scripts/named-things.test.ts', title: 'a; b' },
      { file: 'scripts/gone.test.ts', title: 'c "d"' },
    ],
  });
});

test.each([
  ['| Two | law | | `a` | |', '6: held by "law"; held by: database, signature or code'],
  ['| Two | code | `a` | |', '6: a row is a rule and four more cells'],
  ['| Two | code | | `a` | | b', '6: a row is a rule and four more cells'],
  ['| | code | | `a` | |', '6: a row is a rule and four more cells'],
  ['| Two | code | a | | |', '6: a: write `name`'],
  ['| Two | code | | [a] | |', '6: add [a]: ../path at the end'],
  ['| Two | code | | `a` | [here] |', '6: [here]: write [link] "title"'],
  ['Two | code | | `a` | |', '6: write a "## heading", a row in | a table | or a [link]: ../path'],
  ['\n| Two | code | | `a` | |', '7: write a "## heading", a row in | a table |'],
  ['[a] ../b', '6: write a link as [name]: ../path'],
  ['[a]: ../b', '6: no rule uses [a]'],
  ['[gone]: ../b', '6: [gone] stands here twice'],
])('%s is not read, and the line says why', (lines, problem) => {
  expect(readRules(pageOf(lines)).problems[0]).toContain(problem);
});

test.each([
  [`| Two | code | | \`isAskedAt\` | ${proof} |`, 0, []],
  ['| Two | code | `any_key` | | |', 1, []],
  ['| Two | code | | [here] | [gone] "a" |', 1, ['scripts/gone.test.ts does not exist']],
  [
    '| Two | code | | [here] | [here] "is not" |',
    1,
    ['scripts/named-things.test.ts has no test "is not"'],
  ],
  [`| Two | code | | \`forges\` | ${proof} |`, 0, ['forges does not exist']],
  [`| Two | code | | | ${proof} |`, 0, ['no constraint and no place holds it']],
  [
    `| Two | database | | [here] | ${proof} |`,
    0,
    ['held by the database: name a constraint, or the file of a right or a function'],
  ],
  [`| One | code | | [here] | ${proof} |`, 0, ['it is said twice']],
])('%s is compared with the repository', (row, untested, faults) => {
  const checked = checkRules(readRules(pageOf(row)), root);
  expect(checked.untested).toHaveLength(untested);
  expect(checked.problems.filter((problem) => problem.startsWith('6: '))).toEqual(
    faults.map((fault) => `6: ${fault}`),
  );
});
