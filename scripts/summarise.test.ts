import { expect, test } from 'vitest';
import { CHECKS, summarise, type Report, type TurboTask } from './summarise.ts';

const ran = (taskId: string, exitCode: number | null = 0): TurboTask => ({
  taskId,
  execution: { exitCode },
});
const tasks = CHECKS.map((check) => ran(check));
const passed: Report = { success: true, numPassedTests: 3, numFailedTests: 0 };
const run = (slow: Report | undefined) =>
  summarise({
    tasks,
    reports: [
      ['fast', passed],
      ['slow', slow],
    ],
  });

test('each test and each check counts as one', () => {
  expect(run(passed)).toEqual({ passed: 11, failed: 0, problems: [] });
});

test('failed tests are counted one by one', () => {
  const failed = { success: false, numPassedTests: 1, numFailedTests: 2 };
  expect(run(failed)).toMatchObject({ passed: 9, failed: 2 });
});

test('a file that could not begin counts as all its tests, also beside one with a failed test', () => {
  const outside = (...statuses: string[]) => ({
    name: '/a/file.test.ts',
    status: 'failed',
    assertionResults: statuses.map((status) => ({ status })),
  });
  const slow = {
    success: false,
    numPassedTests: 2,
    numFailedTests: 1,
    testResults: [
      outside('passed', 'failed', 'skipped'),
      outside('skipped', 'skipped', 'skipped'),
      outside(),
      outside('passed'),
      { ...outside('skipped'), status: 'passed' },
    ],
  };
  const { passed, failed, problems } = run(slow);
  expect({ passed, failed }).toEqual({ passed: 10, failed: 1 + 3 + 1 + 1 });
  expect(problems).toEqual([
    'slow: 6 of 8 tests failed',
    ...[3, 1, 1].map(
      (tests) => `slow: /a/file.test.ts failed outside its tests, counted as ${tests}`,
    ),
  ]);
});

test.each(CHECKS)('%s has failed when it failed, did not run or was not there', (check) => {
  const others = tasks.filter(({ taskId }) => taskId !== check);
  for (const results of [[ran(check, 1)], [ran(check, null)], [{ taskId: check }], []]) {
    expect(summarise({ tasks: [...others, ...results], reports: [] })).toMatchObject({
      passed: 4,
      failed: 1,
    });
  }
});

test.each([
  ['no report', undefined],
  ['no test', { success: true, numPassedTests: 0, numFailedTests: 0 }],
  ['a file that failed outside its tests', { ...passed, success: false }],
])('%s is a failure', (_, report) => {
  expect(run(report)).toMatchObject({ failed: 1 });
});
