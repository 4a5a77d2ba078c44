import { enableCompileCache, registerHooks } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import LongFirst from './scripts/long-first.ts';

type TestOptions = NonNullable<TestProjectInlineConfiguration['test']>;

// What one process of a run compiled, all others load: those, too, that are killed before they could keep it.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
  new URL('node_modules/.cache/compiled', import.meta.url),
);
enableCompileCache();

// A run on another day, for what a test starts, too.
const days = process.env['RECOURSE_TEST_DAYS'];
if (days !== undefined) {
  const moved = new URL(`scripts/moved-clock.js?days=${days}`, import.meta.url);
  process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --import=${moved.href}`;
}

/** What all tests have in common: Node loads their modules as it loads those of the product, and once a worker. */
export const common: TestOptions = {
  isolate: false,
  experimental: { viteModuleRunner: false },
  // Room for short-lived objects: less of a run is spent on clearing them away.
  execArgv: ['--conditions=@recourse/source', '--max-semi-space-size=64'],
  // Two cores run checks beside it: what takes a second alone takes many then.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
};

/** A PostgreSQL for each worker. */
export const withPostgres = ['packages/testkit/src/global-setup.ts'];
/** What was behind a fault, shown by the test that fails. */
const showFaults = ['packages/testkit/src/show-faults.ts'];
const withBrowser = [...withPostgres, 'apps/server/tests/browser/setup.ts'];
/** The desk, built once for all files. */
const withDesk = [...withBrowser, 'apps/console/vitest-setup.ts'];

const project = (name: string, test: TestOptions): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, ...common, ...test },
});

/**
 * All tests of the repository. `unit` needs nothing, `database` a PostgreSQL; `slow` has what starts processes or takes
 * more than some seconds: `*.slow.test.ts`. `nightly` has what compares times or grows for minutes: `*.nightly.test.ts`.
 */
export default defineConfig({
  test: {
    projects: [
      project('unit', {
        include: ['{packages,apps}/*/src/**/*.test.ts', 'scripts/*.test.ts'],
        exclude: ['**/*.{slow,nightly}.test.ts'],
      }),
      project('database', {
        include: ['{packages,apps}/*/tests/**/*.test.ts', 'scripts/tests/*.test.ts'],
        exclude: ['**/*.{slow,nightly}.test.ts'],
        globalSetup: withBrowser,
        setupFiles: showFaults,
      }),
      project('slow', {
        include: ['{packages,apps}/*/{src,tests}/**/*.slow.test.ts', 'scripts/**/*.slow.test.ts'],
        globalSetup: withDesk,
        setupFiles: showFaults,
      }),
      project('nightly', {
        include: ['{packages,apps}/*/tests/**/*.nightly.test.ts'],
        globalSetup: withPostgres,
        setupFiles: showFaults,
      }),
    ],
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    passWithNoTests: false,
  },
});

// Global setups run in this process, which nobody starts with the condition that makes our packages their sources.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: ['@recourse/source', ...context.conditions] }),
});
