import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { countReport, type Report } from './summarise.ts';
import { daysUntil, weekdays } from './weekdays.ts';

// Usage: npm run nightly [-- --parts times,mutation,hunt,weekdays] [path …]: what takes hours. Each part says what it
// counted; the last line sums them up, and reports/nightly-<date>.log keeps everything that was printed on a day. A path
// limits the weekdays to files with it in their name.
interface Counted {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
}

const vitest = ['node_modules/vitest/vitest.mjs', 'run'];
const reporters = ['minimal', './scripts/progress-reporter.ts', 'json'].map(
  (name) => `--reporter=${name}`,
);
/** In the order in which they run. */
const parts: Readonly<Record<string, () => Promise<Counted[]>>> = {
  times: timesAndGrowth,
  mutation,
  hunt,
  weekdays: everyWeekday,
};
const names = Object.keys(parts);
const { values, positionals: paths } = parseArgs({
  options: { parts: { type: 'string', default: names.join() } },
  allowPositionals: true,
});
const chosen = values.parts.split(',');
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join()}. Choose of: ${names.join()}.`);
  process.exit(2);
}
const day = new Date().toISOString().slice(0, 10);
mkdirSync('reports', { recursive: true });
const log = createWriteStream(`reports/nightly-${day}.log`, { flags: 'a' });
const say = (text: string): void => {
  process.stdout.write(text);
  log.write(text);
};

const counted: Counted[] = [];
say(`\nBegun at ${new Date().toISOString()}: ${chosen.join()}\n`);
for (const name of names.filter((one) => chosen.includes(one)))
  counted.push(...(await parts[name]!()));
const width = Math.max(...counted.map(({ name }) => name.length));
say('\n');
for (const { name, passed, failed } of counted)
  say(`${name.padEnd(width)}  ${passed} passed, ${failed} failed\n`);
const sum = (key: 'passed' | 'failed'): number => counted.reduce((all, one) => all + one[key], 0);
say(`${sum('passed')} passed, ${sum('failed')} failed\n`);
log.end();
process.exitCode = sum('failed') === 0 ? 0 : 1;

/** What compares times, or grows for minutes: one file at a time. */
async function timesAndGrowth(): Promise<Counted[]> {
  say('\nTimes and growth\n');
  const args = ['--project=nightly', '--maxWorkers=1'];
  return [await counts('times and growth', args, {})];
}

/** The rules, changed in some thousand ways: whatever no test notices has failed. */
async function mutation(): Promise<Counted[]> {
  if (paths.length > 0) return [];
  say('\nRules, each changed in every way\n');
  let last = '';
  await run(['scripts/mutation.ts', '.rules.ts'], {}, (text) => (last = text));
  const [, killed, total] = /\((\d+)\/(\d+)\), \d+ survivors\s*$/.exec(last) ?? [];
  // One that did not come to its end counts as one that failed.
  if (killed === undefined) return [{ name: 'mutation', passed: 0, failed: 1 }];
  return [{ name: 'mutation', passed: Number(killed), failed: Number(total) - Number(killed) }];
}

/** Half an hour of plays that nobody drew before: the day is the seed, so that it can be drawn again. */
async function hunt(): Promise<Counted[]> {
  if (paths.length > 0) return [];
  const seed = day.replaceAll('-', '');
  say(`\nThe hunt, by the seed ${seed}\n`);
  const program = ['--conditions=@recourse/source', 'apps/hunt/src/main.ts'];
  const code = await run([...program, '--seed', seed, '--seconds', '1800'], {});
  return [{ name: 'the hunt', passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }];
}

/** The suites, begun once on each weekday: plays stand in slow ones and in fast ones. */
async function everyWeekday(): Promise<Counted[]> {
  const results: Counted[] = [];
  const today = new Date().getUTCDay();
  for (const weekday of weekdays) {
    say(`\nThe suites on ${weekday}\n`);
    const args = ['--project=slow', '--project=database', '--maxWorkers=3'];
    const env = { RECOURSE_TEST_DAYS: String(daysUntil(weekday, today)) };
    results.push(await counts(weekday, args, { ...env, RECOURSE_TEST_ROUNDS: 'many' }));
  }
  return results;
}

/** Runs tests, and counts them by their report. */
async function counts(
  name: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Counted> {
  const file = `reports/nightly-${name.replaceAll(' ', '-')}.json`;
  rmSync(file, { force: true });
  const all = [...vitest, ...args, ...reporters, `--outputFile.json=${file}`, '--passWithNoTests'];
  await run([...all, ...paths], env);
  const report = read(file);
  // A path may name no file of this part.
  if (paths.length > 0 && report?.testResults?.length === 0) return { name, passed: 0, failed: 0 };
  const { passed, failed, problems } = countReport(name, report);
  for (const problem of problems) say(`${problem}\n`);
  return { name, passed, failed };
}

async function run(
  args: readonly string[],
  env: Record<string, string>,
  onText: (text: string) => void = () => undefined,
): Promise<number | null> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      say(chunk.toString());
      onText(chunk.toString());
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

function read(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
