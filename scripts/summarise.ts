/** One task in turbo's run summary (`--summarize`); without `execution` it did not run. */
export interface TurboTask {
  taskId: string;
  execution?: { exitCode: number | null };
}

/** What is read of vitest's json report. */
export interface Report {
  success?: boolean;
  numPassedTests?: number;
  numFailedTests?: number;
}

/** The checks that `npm test` runs beside the tests, as turbo names them. */
export const CHECKS = ['format', 'lint', 'types', 'edges', 'unused'].map((check) => `//#${check}`);

/**
 * Counts a run: every test and every check is one. What is missing has failed: a check that did not run, a report that
 * is not there or names no test, a file that failed outside its tests.
 */
export function summarise(run: {
  tasks: readonly TurboTask[];
  reports: readonly [name: string, report: Report | undefined][];
}): { passed: number; failed: number; problems: string[] } {
  const problems = CHECKS.filter(
    (check) =>
      !run.tasks.some(({ taskId, execution }) => taskId === check && execution?.exitCode === 0),
  ).map((check) => `${check} failed`);
  const summary = { passed: CHECKS.length - problems.length, failed: problems.length, problems };
  for (const [name, report] of run.reports) {
    const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = report ?? {};
    const outside = failed === 0 && (passed === 0 || report?.success !== true) ? 1 : 0;
    summary.passed += passed;
    summary.failed += failed + outside;
    if (failed > 0) problems.push(`${name}: ${failed} of ${passed + failed} tests failed`);
    if (outside > 0)
      problems.push(`${name}: no report, no test, or a file that failed outside its tests`);
  }
  return summary;
}
