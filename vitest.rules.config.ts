import { defineConfig } from 'vitest/config';

const conditions = ['@recourse/source', 'module', 'node'];
const resolve = { conditions, externalConditions: conditions };

/** Tests of one room of rules, for scripts/mutation.ts: they need no database, so that each mutant is tried in a moment. */
export default defineConfig({
  resolve: { conditions: ['@recourse/source'] },
  environments: { ssr: { resolve }, __vitest__: { resolve } },
  test: {
    include: process.env['RULE_TESTS']?.split(',') ?? ['packages/*/src/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts'],
    setupFiles: ['scripts/mutation/steady-properties.ts'],
    testTimeout: 60_000,
    execArgv: ['--conditions=@recourse/source'],
    // Rules keep nothing between two tests; each mutant has a new worker all the same.
    isolate: false,
  },
});
