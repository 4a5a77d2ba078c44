import { project } from './vitest.shared.ts';

const shared = project();

/** Tests of one room of rules, for scripts/mutation.ts: they need no database, so that each mutant is tried in a moment. */
export default {
  ...shared,
  test: {
    ...shared.test,
    include: process.env['RULE_TESTS']?.split(',') ?? ['packages/*/src/**/*.test.ts'],
    setupFiles: ['scripts/mutation/steady-properties.ts'],
    // Rules keep nothing between two tests; each mutant has a new worker all the same.
    isolate: false,
  },
};
