import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A directory of rules: the files that are changed, and the tests beside them, which have to notice. */
export interface Room {
  name: string;
  mutate: string[];
  tests: string[];
}

/** Changed, whether or not a test file has their name: every rule file, and what the tests of its room protect. */
const ALWAYS = [
  'packages/{registry,protocol}/src/**/*.rules.ts',
  'packages/protocol/src/taxonomy/{reasons-*,evidence-classes,origins}.ts',
];

/**
 * The rooms of rules: a rule file is pure and has its test beside it. Operation schemas are left out: they are data,
 * and the tests of the calls protect them.
 */
export function findRooms(root: string): Room[] {
  const tests: string[] = globSync('packages/{registry,protocol,ledger}/src/**/*.test.ts', {
    cwd: root,
  }).toSorted(byName);
  const named: string[] = globSync(ALWAYS, { cwd: root });
  const tested = tests.map((test) => test.replace(/\.test\.ts$/, '.ts'));
  const files: string[] = [...new Set([...tested, ...named])]
    .filter((file) => existsSync(join(root, file)) && !/\/(index|ops\/[^/]+)\.ts$/.test(file))
    .toSorted(byName);
  return [...Map.groupBy(files, (file) => dirname(file))].map(([name, mutate]) => ({
    name,
    mutate,
    tests: tests.filter((test) => dirname(test) === name),
  }));
}

const byName = (a: string, b: string): number => (a < b ? -1 : 1);
