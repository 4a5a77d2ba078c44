import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** One vitest configuration for every workspace; `database: true` starts the embedded PostgreSQL once per run. */
export function project(options: { database?: boolean } = {}): ViteUserConfig {
  return defineConfig({
    resolve: { conditions: ['@recourse/source'] },
    ssr: { resolve: { conditions: ['@recourse/source', 'module', 'node'] } },
    test: {
      include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
      passWithNoTests: false,
      execArgv: ['--conditions=@recourse/source'],
      ...(options.database
        ? { globalSetup: ['@recourse/testkit/global-setup'], testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2 }
        : {}),
    },
  });
}
