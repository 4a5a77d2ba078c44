import { globSync } from 'node:fs';

/** Rules are pure, and each has its test beside it: those files are changed, and those tests have to notice. */
const tests = globSync('packages/registry/src/{appeals,cases,checks,recalls,sanctions}/*.test.ts');

/** `npm run mutation`; see https://stryker-mutator.io/docs/stryker-js/configuration */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.rules.config.ts', related: false },
  mutate: [
    'packages/registry/src/bounds.ts',
    ...tests.map((test) => test.replace('.test.ts', '.ts')),
  ],
  // What is copied for each run.
  ignorePatterns: [
    '**',
    '!{packages,apps}/*/{src,tests}/**',
    '!{packages,apps}/*/package.json',
    '!{packages,apps}/*/tsconfig*.json',
    '!package.json',
    '!tsconfig*.json',
    '!vitest.*.ts',
  ],
  reporters: ['clear-text', 'json', 'progress'],
  clearTextReporter: { logTests: false, reportTests: false },
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  concurrency: 2,
};
