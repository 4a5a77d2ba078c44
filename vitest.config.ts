import { registerHooks } from 'node:module';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/**
 * All tests of the repository. `unit` needs nothing, `database` a PostgreSQL; `slow` has what costs more than a few
 * seconds: `*.slow.test.ts`. Modules are loaded by Node as the product loads them, and once a worker.
 */
export default defineConfig({
  test: {
    projects: [
      project('unit', {
        include: ['{packages,apps}/*/src/**/*.test.ts', 'scripts/*.test.ts'],
        exclude: ['**/*.slow.test.ts'],
      }),
      project('database', {
        include: ['{packages,apps}/*/tests/**/*.test.ts', 'scripts/tests/*.test.ts'],
        exclude: ['**/*.slow.test.ts'],
        globalSetup: ['packages/testkit/src/global-setup.ts', 'apps/server/tests/browser/setup.ts'],
      }),
      project('slow', {
        include: ['{packages,apps}/*/{src,tests}/**/*.slow.test.ts', 'scripts/**/*.slow.test.ts'],
        globalSetup: ['packages/testkit/src/global-setup.ts', 'apps/server/tests/browser/setup.ts'],
      }),
    ],
    reporters: [
      process.env['CI'] ? 'minimal' : 'default',
      './scripts/progress-reporter.ts',
      'json',
    ],
    outputFile: { json: 'reports/tests.json' },
    maxWorkers: 2,
    passWithNoTests: false,
  },
});

/** What all three have in common. */
function project(
  name: string,
  test: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      isolate: false,
      experimental: { viteModuleRunner: false },
      execArgv: ['--conditions=@recourse/source'],
      // Two cores run checks beside it: what takes a second alone takes many then.
      testTimeout: 60_000,
      hookTimeout: 120_000,
      ...test,
    },
  };
}

// Global setups run in this process, which nobody starts with the condition that makes our packages their sources.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: ['@recourse/source', ...context.conditions] }),
});
