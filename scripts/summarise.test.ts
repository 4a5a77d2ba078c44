import { describe, expect, test } from 'vitest';
import { CHECKS, type Run, summarise, type TaskResult } from './summarise.ts';
import { type FileReport, filesToRepeat, testsOf } from './test-report.ts';

const report = (passed: number, failed = 0): unknown => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numTotalTests: passed + failed,
});

function ran(taskId: string, exitCode: number | null = 0): TaskResult {
  return { taskId, execution: { exitCode } };
}

function run(changes: Partial<Run> = {}): Run {
  return {
    tasks: [...CHECKS, '@recourse/ledger#test', '//#test:scripts'].map((task) => ran(task)),
    suites: ['packages/ledger', 'scripts'],
    readReport: (_, of) => (of === 'tests' ? report(3) : undefined),
    ...changes,
  };
}

test('each test and each check counts as one', () => {
  expect(summarise(run())).toEqual({ passed: 11, failed: 0, problems: [] });
});

test('failed tests are counted one by one', () => {
  const summary = summarise(
    run({ readReport: (suite) => (suite === 'scripts' ? report(1, 2) : report(3)) }),
  );
  expect(summary).toMatchObject({ passed: 9, failed: 2 });
});

test.each(CHECKS)('%s counts as failed when it failed, did not run or was not there', (check) => {
  const others = run().tasks.filter(({ taskId }) => taskId !== check);
  for (const results of [[ran(check, 1)], [ran(check, null)], [{ taskId: check }], []]) {
    expect(summarise(run({ tasks: [...others, ...results] }))).toMatchObject({
      passed: 10,
      failed: 1,
    });
  }
});

test.each([undefined, null, {}, { numPassedTests: '3' }, report(0)])(
  'a suite without a report or without tests is a failure: %j',
  (missing) => {
    const summary = summarise(
      run({ readReport: (suite) => (suite === 'scripts' ? missing : report(3)) }),
    );
    expect(summary).toMatchObject({ passed: 8, failed: 1 });
  },
);

test('a suite that fails outside its tests is a failure', () => {
  const tasks = run().tasks.map((task) =>
    task.taskId === '@recourse/ledger#test' ? ran(task.taskId, 1) : task,
  );
  expect(summarise(run({ tasks }))).toMatchObject({ passed: 11, failed: 1 });
});

test('a run that never began fails in everything', () => {
  expect(summarise(run({ tasks: [], readReport: () => undefined }))).toMatchObject({
    passed: 0,
    failed: 7,
  });
});

describe('a file that failed among others', () => {
  const file = (name: string, passed: number, ...failed: string[]): FileReport => ({
    name,
    status: failed.length === 0 ? 'passed' : 'failed',
    assertionResults: [
      ...Array.from({ length: passed }, (_, n) => ({ fullName: `passes ${n}`, status: 'passed' })),
      ...failed.map((fullName) => ({ fullName, status: 'failed', failureMessages: ['expected'] })),
    ],
  });
  const reportOf = (...files: FileReport[]): unknown => {
    const of = (status: string): number => files.flatMap((one) => testsOf(one, status)).length;
    return { ...(report(of('passed'), of('failed')) as object), testResults: files };
  };
  const first = reportOf(file('a.test.ts', 2, 'shakes'), file('b.test.ts', 3));
  const tasks = run().tasks.map((task) =>
    task.taskId === '//#test:scripts' ? ran(task.taskId, 1) : task,
  );
  const repeated = (again: unknown, before = first): Run =>
    run({
      tasks,
      readReport: (suite, of) => {
        if (suite === 'scripts') return of === 'tests' ? before : again;
        return of === 'tests' ? report(3) : undefined;
      },
    });

  test('and passed by itself is counted as passed, and named', () => {
    const summary = summarise(repeated(reportOf(file('a.test.ts', 3))));
    expect(summary).toMatchObject({ passed: 14, failed: 0 });
    expect(summary.problems).toEqual([expect.stringMatching(/^scripts: unsteady, .*: shakes$/)]);
  });

  test('and failed by itself has failed', () => {
    for (const again of [reportOf(file('a.test.ts', 2, 'shakes')), reportOf(), undefined]) {
      expect(summarise(repeated(again))).toMatchObject({ passed: 13, failed: 1 });
    }
  });

  test('is not mended by another file that passed', () => {
    expect(summarise(repeated(reportOf(file('b.test.ts', 3))))).toMatchObject({ failed: 1 });
  });

  test('and one more that did not pass by itself: the suite has failed', () => {
    const two = reportOf(file('a.test.ts', 2, 'shakes'), file('b.test.ts', 2, 'breaks'));
    const summary = summarise(repeated(reportOf(file('a.test.ts', 3)), two));
    expect(summary).toMatchObject({ passed: 13, failed: 1 });
  });

  test('in its hooks has its tests counted from when it passed', () => {
    const hooks = { ...file('a.test.ts', 0), status: 'failed' };
    const summary = summarise(repeated(reportOf(file('a.test.ts', 3)), reportOf(hooks)));
    expect(summary).toMatchObject({ passed: 11, failed: 0 });
  });

  test('is run again, but for counterexamples and where many failed', () => {
    const failing = file('a.test.ts', 0, 'shakes');
    const property = file('b.test.ts', 0, 'holds');
    property.assertionResults[0]!.failureMessages = ['Error: Property failed after 7 tests'];
    expect(filesToRepeat([['scripts', reportOf(failing, property)]])).toEqual([
      ['scripts', ['a.test.ts']],
    ]);
    const suites: [string, unknown][] = ['a', 'b'].map((suite) => [
      suite,
      reportOf(failing, failing),
    ]);
    expect(filesToRepeat(suites)).toEqual([]);
    expect(filesToRepeat([['scripts', undefined]])).toEqual([]);
  });
});
