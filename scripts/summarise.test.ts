import { expect, test } from 'vitest';
import { CHECKS, type Run, summarise, type TaskResult } from './summarise.ts';

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
    readReport: () => report(3),
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
