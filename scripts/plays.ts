import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { isExpected, playsIn, titlePattern, verdictOf, withRuns, type Play } from './plays-page.ts';
import type { Report } from './summarise.ts';

const page = 'docs/hostile-plays.md';
const usage = `Usage: npm run plays -- [name …] [--list] [--json] [--open name,…] [--write]

Runs the tests that ${page} names, and says which attacks are held.

  --list     names the plays, and what each attacker does
  --json     prints the last line alone on stdout, and the rest on stderr
  --open     the plays that are expected to be open, instead of those that the page calls open
  --write    writes what was found into the tables of the page`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    open: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const print = (text: string): void => {
  (values.json ? process.stderr : process.stdout).write(`${text}\n`);
};
process.exitCode = main();

function main(): number {
  const text = readFileSync(page, 'utf8');
  const plays = playsIn(text);
  const unknown = positionals.find((name) => !plays.some((play) => play.name === name));
  if (unknown !== undefined) {
    console.error(`There is no play ${unknown}; --list names them.\n${usage}`);
    return 2;
  }
  if (values.help) print(usage);
  else if (values.list) print(plays.map(({ name, says }) => `${name}\n    ${says}`).join('\n'));
  else return play(text, plays);
  return 0;
}

function play(text: string, plays: readonly Play[]): number {
  const chosen = plays.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const openToday = plays.filter(({ lastRun }) => lastRun === 'open').map(({ name }) => name);
  const open = new Set(values.open?.split(',') ?? openToday);
  const report = run(chosen);
  const found = new Map(chosen.map((one) => [one.name, verdictOf(one, report, open)]));
  const width = Math.max(...chosen.map(({ name }) => name.length));
  for (const { name, result } of chosen)
    print(`${name.padEnd(width)}  ${found.get(name)}  ${result}`);
  if (values.write) writeFileSync(page, withRuns(text, found));
  const verdicts = [...found].map(([name, verdict]) => ({ name, verdict }));
  process.stdout.write(`${JSON.stringify({ plays: verdicts })}\n`);
  return verdicts.every(({ verdict }) => isExpected(verdict)) ? 0 : 1;
}

/** The tests of these plays and no others, as `npm test` and `npm run test:slow` run them. */
function run(plays: readonly Play[]): Report {
  const tests = plays.flatMap((play) => play.tests);
  const files = [...new Set(tests.map(({ file }) => file))];
  const titles = [...new Set(tests.map(({ title }) => titlePattern(title)))];
  const dir = mkdtempSync(join(tmpdir(), 'recourse-plays-'));
  const json = join(dir, 'report.json');
  const reporters = ['--reporter=minimal', '--reporter=json', `--outputFile.json=${json}`];
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, '-t', titles.join('|')];
  try {
    const stdio = ['ignore', 2, 2] as const;
    spawnSync(process.execPath, [...args, ...files], { stdio: [...stdio] });
    return JSON.parse(readFileSync(json, 'utf8')) as Report;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
