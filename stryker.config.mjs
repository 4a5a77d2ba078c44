/**
 * What `npm run mutation` has in common for all rooms; scripts/mutation.ts adds the files.
 * See https://stryker-mutator.io/docs/stryker-js/configuration
 */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.rules.config.ts', related: false },
  // What is copied for each run.
  ignorePatterns: [
    '**',
    '!{packages,apps}/*/{src,tests,vectors}/**',
    '!{packages,apps}/*/package.json',
    '!{packages,apps}/*/tsconfig*.json',
    '!scripts/mutation/steady-properties.ts',
    '!package.json',
    '!tsconfig*.json',
    '!vitest.*.ts',
  ],
  reporters: ['progress-append-only'],
  // A busy machine is no endless loop: those are found by how often a mutant is passed.
  timeoutMS: 120_000,
  // Nor is one that is slow to run the tests unchanged.
  dryRunTimeoutMinutes: 30,
  logLevel: 'warn',
  warnings: { slow: false },
  incremental: true,
  // One process at a time leaves the machine to others.
  concurrency: 1,
};
