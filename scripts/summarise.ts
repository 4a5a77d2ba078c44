/** One task in turbo's run summary (`--summarize`); without `execution` it did not run. */
export interface TaskResult {
  taskId: string;
  execution?: { exitCode: number | null };
}

/** What was run: turbo's tasks, the suites that must have tests, and their reports by vitest's json reporter. */
export interface Run {
  tasks: TaskResult[];
  suites: string[];
  readReport(suite: string): unknown;
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
 * a suite whose process failed although its tests passed.
 */
export function summarise(run: Run): Summary {
  const problems = CHECKS.filter((check) => !succeeded(run.tasks, check)).map(
    (check) => `${check} failed`,
  );
  const summary = { passed: CHECKS.length - problems.length, failed: problems.length, problems };
  for (const suite of run.suites) {
    const { passed, failed, total } = counts(run.readReport(suite));
    summary.passed += passed;
    summary.failed += failed;
    if (failed > 0) problems.push(`${suite}: ${failed} of ${total} tests failed`);
    const fault = failed > 0 ? undefined : suiteFault(run.tasks, suite, passed);
    if (fault === undefined) continue;
    summary.failed += 1;
    problems.push(`${suite}: ${fault}`);
  }
  return summary;
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
