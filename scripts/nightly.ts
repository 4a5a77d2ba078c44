import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { countReport, type Report } from './summarise.ts';
import { daysUntil, weekdays } from './weekdays.ts';

// Usage: npm run nightly [-- path …]: what takes hours. Each part says what it counted; the last line sums them up, and
// reports/nightly-<date>.log keeps everything that was printed. A path limits the weekdays to files with it in their name.
interface Counted {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
}

const slow = ['node_modules/vitest/vitest.mjs', 'run', '--project=slow', '--maxWorkers=3'];
const reporters = ['minimal', './scripts/progress-reporter.ts', 'json'].map(
  (name) => `--reporter=${name}`,
);
const paths = process.argv.slice(2);
const day = new Date().toISOString().slice(0, 10);
mkdirSync('reports', { recursive: true });
const log = createWriteStream(`reports/nightly-${day}.log`);
const say = (text: string): void => {
  process.stdout.write(text);
  log.write(text);
};

/** In the order in which they run. */
const parts: readonly (() => Promise<Counted[]>)[] = [everyWeekday];

const counted: Counted[] = [];
for (const part of parts) counted.push(...(await part()));
const width = Math.max(...counted.map(({ name }) => name.length));
say('\n');
for (const { name, passed, failed } of counted)
  say(`${name.padEnd(width)}  ${passed} passed, ${failed} failed\n`);
const sum = (key: 'passed' | 'failed'): number => counted.reduce((all, one) => all + one[key], 0);
say(`${sum('passed')} passed, ${sum('failed')} failed\n`);
log.end();
process.exitCode = sum('failed') === 0 ? 0 : 1;

/** The slow suites, begun once on each weekday. */
async function everyWeekday(): Promise<Counted[]> {
  const results: Counted[] = [];
  const today = new Date().getUTCDay();
  for (const weekday of weekdays) {
    say(`\nThe slow suites on ${weekday}\n`);
    const file = `reports/nightly-${weekday}.json`;
    rmSync(file, { force: true });
    await run([...slow, ...reporters, `--outputFile.json=${file}`, ...paths], {
      RECOURSE_TEST_DAYS: String(daysUntil(weekday, today)),
      RECOURSE_TEST_ROUNDS: 'many',
    });
    const { passed, failed, problems } = countReport(weekday, read(file));
    for (const problem of problems) say(`${problem}\n`);
    results.push({ name: weekday, passed, failed });
  }
  return results;
}

async function run(args: readonly string[], env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => say(chunk.toString()));
  await once(child, 'close');
}

function read(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
