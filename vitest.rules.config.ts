import { project } from './vitest.shared.ts';

const shared = project();

/** Tests of rules alone: they need no database, so that each mutant is tried in a moment. */
export default {
  ...shared,
  test: { ...shared.test, include: ['packages/registry/src/**/*.test.ts'] },
};
