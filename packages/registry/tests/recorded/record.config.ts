import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { common, withPostgres } from '../../../../vitest.config.ts';

/** For `npm run record-log` alone: no test run finds what it includes. */
export default defineConfig({
  root: fileURLToPath(new URL('../../../..', import.meta.url)),
  test: {
    ...common,
    include: ['packages/registry/tests/recorded/record-log.ts'],
    globalSetup: withPostgres,
    maxWorkers: 1,
  },
});
