import type { RuleTest } from './due-process.ts';
import { namedIn } from './named-things.ts';
import type { Report } from './summarise.ts';

/** An attack that keeps to every form, as a row of `docs/hostile-plays.md` says it. */
export interface Play {
  readonly name: string;
  /** The attack */
  readonly says: string;
  /** The most that the attacker gains */
  readonly result: string;
  /** The tests that play it: each asserts the result */
  readonly tests: readonly RuleTest[];
  /** `open` where the attack works today */
  readonly lastRun: string;
}

export type Verdict = 'held' | 'open' | 'NOT HELD' | 'held, but listed as open' | 'not played';

const head = '| play | what the attacker does | result | test | last run |';
const row = /^\| ([a-z0-9-]+) \|(.+)\|(.+)\|(.+)\|(.+)\|$/;

/** The rows of every table of plays on the page. @throws Error where a row cannot be read */
export function playsIn(page: string): Play[] {
  const lines = page.split('\n');
  const first = lines.flatMap((line, at) => (line === head ? [at + 2] : []));
  return first.flatMap((from) => {
    const end = lines.findIndex((line, at) => at >= from && !line.startsWith('|'));
    return lines.slice(from, end).map(readRow);
  });
}

function readRow(line: string): Play {
  const [, name = '', ...cells] = row.exec(line)?.map((cell) => cell.trim()) ?? [];
  const [says = '', result = '', test = '', lastRun = ''] = cells;
  const { tests } = namedIn(test, 'docs/hostile-plays.md');
  if (tests.length === 0) throw new Error(`A play is a row with a name and its tests:\n${line}`);
  return { name, says, result, tests, lastRun };
}

/** The page with what a run found; rows that were not played stay as they are. */
export const withRuns = (page: string, verdicts: ReadonlyMap<string, Verdict>): string =>
  page.replaceAll(new RegExp(row, 'gm'), (line, name: string) => {
    const verdict = verdicts.get(name);
    return verdict === undefined ? line : line.replace(/\|[^|]+\|$/, `| ${verdict} |`);
  });

/** A title may stand for a table of tests: `%s`, or `$name`, is what each of them has there. */
export const titlePattern = (title: string): string =>
  title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/%s|\\\$\w+/g, '.*');

/** A play is held when each of its tests ran and passed. */
export function verdictOf(
  { name, tests }: Play,
  report: Report,
  open: ReadonlySet<string>,
): Verdict {
  const ran = tests.map(({ file, title }) => {
    const begins = new RegExp(`^${titlePattern(title)}`);
    const found = report.testResults?.find((result) => result.name.endsWith(`/${file}`));
    return (found?.assertionResults ?? [])
      .filter((test) => begins.test(test.title ?? '') && test.status !== 'skipped')
      .map(({ status }) => status);
  });
  if (ran.some((statuses) => statuses.length === 0)) return 'not played';
  const held = ran.flat().every((status) => status === 'passed');
  if (open.has(name)) return held ? 'held, but listed as open' : 'open';
  return held ? 'held' : 'NOT HELD';
}

export const isExpected = (verdict: Verdict): boolean => verdict === 'held' || verdict === 'open';
