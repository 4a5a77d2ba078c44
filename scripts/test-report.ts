/** What vitest's json reporter says of one test file. */
export interface FileReport {
  /** Its path, as vitest prints it. */
  name: string;
  status: string;
  assertionResults: { fullName: string; status: string; failureMessages?: string[] | null }[];
}

/** As many files may fail among others and pass alone: with more, something else is wrong. */
const MOST_REPEATED = 3;

/** fast-check's sentence: inputs were found that break a property, and other inputs prove nothing. */
const COUNTEREXAMPLE = /Property failed after/;

/** The files of a report; none where it is missing or is no report. */
export function filesOf(report: unknown): FileReport[] {
  const files = (report as { testResults?: unknown } | null | undefined)?.testResults;
  return Array.isArray(files) ? (files as FileReport[]) : [];
}

export function failedFiles(report: unknown): FileReport[] {
  return filesOf(report).filter(({ status }) => status !== 'passed');
}

export function testsOf({ assertionResults }: FileReport, status: string): string[] {
  return assertionResults.filter((test) => test.status === status).map((test) => test.fullName);
}

/**
 * Failed files of all suites that are run once more by themselves, by suite; none when there are too many.
 * A property with a counterexample is never among them.
 */
export function filesToRepeat(reports: [suite: string, report: unknown][]): [string, string[]][] {
  const failed = reports.map(([suite, report]): [string, FileReport[]] => [
    suite,
    failedFiles(report),
  ]);
  if (failed.flatMap(([, files]) => files).length > MOST_REPEATED) return [];
  return failed
    .map(([suite, files]): [string, string[]] => [
      suite,
      files.filter((file) => !hasCounterexample(file)).map(({ name }) => name),
    ])
    .filter(([, names]) => names.length > 0);
}

function hasCounterexample({ assertionResults }: FileReport): boolean {
  return assertionResults.some(({ failureMessages }) =>
    failureMessages?.some((message) => COUNTEREXAMPLE.test(message)),
  );
}
