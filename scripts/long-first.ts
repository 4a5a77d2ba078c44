import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The slow files that take minutes, with the longest first. */
const long = [
  'apps/demo/tests/demo',
  'apps/cli/tests/documents-others',
  'apps/cli/tests/documents-first',
  'packages/registry/tests/recourse-model',
  'apps/server/tests/witnessing',
  'packages/registry/tests/checks-race',
  'apps/server/tests/desk/every-screen',
  'apps/server/tests/npm-start',
  'apps/cli/tests/import',
  'packages/registry/tests/ledger-kills',
];

/** Tests that read pages and sources: they take seconds, and fail most often. */
const isCheck = /\/scripts\/[^/]+\.test\.ts$/;

function rankOf({ moduleId }: TestSpecification): number {
  if (isCheck.test(moduleId)) return -1;
  const at = long.findIndex((name) => moduleId.endsWith(`/${name}.slow.test.ts`));
  return at === -1 ? long.length : at;
}

/** Begins with the checks, then with the files that take minutes: one that began last would have the end of a run to itself. */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
