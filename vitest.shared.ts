import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** One vitest configuration for every workspace; `database: true` starts the embedded PostgreSQL once per run. */
export function project(options: { database?: boolean } = {}): ViteUserConfig {
  return defineConfig({
    resolve: { conditions: ['@recourse/source'] },
    // `ssr` loads the tests, `__vitest__` the global setup.
    environments: { ssr: { resolve: RESOLVE }, __vitest__: { resolve: RESOLVE } },
    test: {
      include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
      passWithNoTests: false,
      // Two cores run several suites at once: what takes a second alone takes many then.
      testTimeout: 60_000,
      hookTimeout: 120_000,
      execArgv: ['--conditions=@recourse/source'],
      ...(process.env['CI'] === undefined ? {} : REPORTS),
      ...(options.database ? DATABASE : {}),
    },
  });
}

const CONDITIONS = ['@recourse/source', 'module', 'node'];
const RESOLVE = { conditions: CONDITIONS, externalConditions: CONDITIONS };

/** `.ci/run` counts the tests from these files. */
const REPORTS = { reporters: ['default', 'json'], outputFile: { json: 'reports/tests.json' } };

const DATABASE = {
  globalSetup: [fileURLToPath(new URL('packages/testkit/src/global-setup.ts', import.meta.url))],
  maxWorkers: 2,
};
