/** One task in turbo's run summary (`--summarize`); without `execution` it did not run. */
export interface TurboTask {
  taskId: string;
  execution?: { exitCode: number | null };
}

/** The part of vitest's json report that is read. */
export interface Report {
  success?: boolean;
  numPassedTests?: number;
  numFailedTests?: number;
  testResults?: readonly {
    name: string;
    status: string;
    assertionResults: readonly { status: string; title?: string }[];
  }[];
}

/** The checks that `npm test` runs beside the tests, as turbo names them. */
export const CHECKS = ['format', 'lint', 'types', 'edges', 'unused'].map((check) => `//#${check}`);

/**
 * Counts a run: every test and every check is one. What is missing has failed: a check that did not run, a report that
 * is not there or names no test, the tests of a file that could not begin.
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
    const counts = countReport(name, report);
    summary.passed += counts.passed;
    summary.failed += counts.failed;
    problems.push(...counts.problems);
  }
  return summary;
}

/** One report of vitest. */
export function countReport(
  name: string,
  report: Report | undefined,
): { passed: number; failed: number; problems: string[] } {
  const { numPassedTests: passed = 0, numFailedTests = 0, testResults = [] } = report ?? {};
  const files = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const outside = files.map((file) => {
    const unplayed = file.assertionResults.filter(({ status }) => status === 'skipped');
    return { name: file.name, tests: Math.max(1, unplayed.length) };
  });
  const failed = outside.reduce((sum, { tests }) => sum + tests, numFailedTests);
  const problems = failed > 0 ? [`${name}: ${failed} of ${passed + failed} tests failed`] : [];
  for (const file of outside) {
    problems.push(`${name}: ${file.name} failed outside its tests, counted as ${file.tests}`);
  }
  if (failed > 0 || (passed > 0 && report?.success === true)) return { passed, failed, problems };
  return { passed, failed: 1, problems: [`${name}: no report, no test, or a fault outside all`] };
}
