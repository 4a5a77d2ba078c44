import { afterAll, afterEach } from 'vitest';
import { takeFaults } from './faults.ts';

// A test that fails shows which faults were behind its answers; of one that passes they were meant.
afterEach(({ task }) => {
  const faults = takeFaults();
  if (task.result?.state === 'fail') show(faults);
});

// A `beforeAll` that failed ran no test.
afterAll(() => show(takeFaults()));

function show(faults: readonly string[]): void {
  // oxlint-disable-next-line no-console -- vitest prints it beside the test
  for (const fault of faults) console.error(`\n${fault}\n`);
}
