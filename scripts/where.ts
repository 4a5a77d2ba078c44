import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { findOperations, type OperationPlace } from './operations.ts';

// Usage: npm run where -- [--json] [<operation>]. Without an operation: the file of each.
const root = join(import.meta.dirname, '..');
const words = process.argv.slice(2);
const wanted = words.find((word) => !word.startsWith('--'));
const { places } = findOperations(root);
const found = wanted === undefined ? places : places.filter(({ op }) => op === wanted);

if (found.length === 0) {
  console.error(`${wanted} is no operation. These are: ${places.map(({ op }) => op).join(' ')}`);
  process.exitCode = 2;
} else if (words.includes('--json')) {
  console.log(JSON.stringify(wanted === undefined ? found : detailsOf(found[0] as OperationPlace)));
} else if (wanted === undefined) {
  const width = Math.max(...found.map(({ op }) => op.length));
  for (const { op, handler, name } of found)
    console.log(`${op.padEnd(width)}  ${handler}  ${name}`);
} else {
  for (const [what, where] of Object.entries(detailsOf(found[0] as OperationPlace))) {
    for (const [at, line] of [where].flat().entries()) {
      console.log(`${(at === 0 ? what : '').padEnd(10)}${line}`);
    }
  }
}

/** Schema, handler, and every file that names the operation. */
function detailsOf({
  op,
  schema,
  handler,
  name,
}: OperationPlace): Record<string, string | string[]> {
  const naming = (pattern: string): string[] =>
    globSync(pattern, { cwd: root, exclude: ['**/node_modules', '**/dist'] })
      .filter((file) => names(readFileSync(join(root, file), 'utf8'), op))
      .toSorted();
  return {
    schema,
    handler: `${handler} ${name}`,
    programs: naming('{packages/sdk,apps}/**/src/**/*.{ts,tsx}').filter(isNoTest),
    tests: naming('{packages,apps}/**/*.test.ts'),
    documents: naming('{*.md,docs/**/*.md,packages/*/README.md}'),
  };
}

function isNoTest(file: string): boolean {
  return !/\.test\.tsx?$/.test(file);
}

/** Finds an operation by its name, or by the method of the SDK: `recourse.sanctions.get(`. */
function names(text: string, op: string): boolean {
  const escaped = op.replace('.', String.raw`\.`);
  return new RegExp(`['"\`]${escaped}['"\`]|\\.${escaped}\\(`).test(text);
}
