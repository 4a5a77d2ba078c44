import { failedFiles, type FileReport, filesOf, testsOf } from './test-report.ts';

/** One task in turbo's run summary (`--summarize`); without `execution` it did not run. */
export interface TaskResult {
  taskId: string;
  execution?: { exitCode: number | null };
}

/**
 * What was run: turbo's tasks, the suites that must have tests, and their reports by vitest's json reporter: of all
 * tests, and of the failed files that ran once more by themselves.
 */
export interface Run {
  tasks: TaskResult[];
  suites: string[];
  readReport(suite: string, run: 'tests' | 'again'): unknown;
}

/** How many passed and failed: every test of every suite, and every check, counts as one. */
export interface Summary {
  passed: number;
  failed: number;
  problems: string[];
}

/** The checks that `npm test` runs besides the tests, as turbo names them. */
export const CHECKS = ['format', 'lint', 'types', 'edges', 'unused'].map((check) => `//#${check}`);

/**
 * Counts a run. What is missing counts as failed: a check that did not run, a suite without a report or without tests,
 * a suite whose process failed although its tests passed. A test that failed among others and passed by itself counts
 * as passed and is named.
 */
export function summarise(run: Run): Summary {
  const problems = CHECKS.filter((check) => !succeeded(run.tasks, check)).map(
    (check) => `${check} failed`,
  );
  const summary = { passed: CHECKS.length - problems.length, failed: problems.length, problems };
  for (const suite of run.suites) {
    const report = run.readReport(suite, 'tests');
    const mended = mendedFiles(report, run.readReport(suite, 'again'));
    const { passed, failed, total } = countMended(report, mended);
    summary.passed += passed;
    summary.failed += failed;
    if (failed > 0) problems.push(`${suite}: ${failed} of ${total} tests failed`);
    problems.push(...unsteady(suite, mended));
    const isMended = mended.length > 0 && mended.length === failedFiles(report).length;
    const fault = failed > 0 || isMended ? undefined : suiteFault(run.tasks, suite, passed);
    if (fault === undefined) continue;
    summary.failed += 1;
    problems.push(`${suite}: ${fault}`);
  }
  return summary;
}

type Mended = { first: FileReport; again: FileReport };

function mendedFiles(report: unknown, repeated: unknown): Mended[] {
  const passed = filesOf(repeated).filter(({ status }) => status === 'passed');
  return failedFiles(report).flatMap((first) =>
    passed.filter(({ name }) => name === first.name).map((again) => ({ first, again })),
  );
}

function countMended(report: unknown, mended: Mended[]): ReturnType<typeof counts> {
  const all = counts(report);
  for (const { first, again } of mended) {
    all.passed += testsOf(again, 'passed').length - testsOf(first, 'passed').length;
    all.failed -= testsOf(first, 'failed').length;
  }
  return all;
}

function unsteady(suite: string, mended: Mended[]): string[] {
  return mended.flatMap(({ first }) => {
    const tests = testsOf(first, 'failed');
    return (tests.length > 0 ? tests : [first.name]).map(
      (test) => `${suite}: unsteady, failed among others and passed by itself: ${test}`,
    );
  });
}

function suiteFault(tasks: TaskResult[], suite: string, passed: number): string | undefined {
  if (passed === 0) return 'no report, or no test that ran';
  return succeeded(tasks, taskOf(suite))
    ? undefined
    : 'its tests passed, but the run failed or did not end';
}

function taskOf(suite: string): string {
  return suite === 'scripts' ? '//#test:scripts' : `@recourse/${suite.split('/')[1]}#test`;
}

function succeeded(tasks: TaskResult[], taskId: string): boolean {
  return tasks.some((task) => task.taskId === taskId && task.execution?.exitCode === 0);
}

function counts(report: unknown): { passed: number; failed: number; total: number } {
  const { numPassedTests, numFailedTests, numTotalTests } = (report ?? {}) as Record<
    string,
    unknown
  >;
  return {
    passed: count(numPassedTests),
    failed: count(numFailedTests),
    total: count(numTotalTests),
  };
}

function count(value: unknown): number {
  return Number.isSafeInteger(value) ? Number(value) : 0;
}
