import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every folder that must have tests. */
export const suites: string[] = [
  'scripts',
  ...globSync('{packages,apps}/*/package.json')
    .toSorted()
    .map((path) => dirname(path)),
];

/** `tests` as the suite ran among all, `again` for what ran once more by itself. */
export function readReport(suite: string, run: 'tests' | 'again'): unknown {
  try {
    return JSON.parse(readFileSync(join(suite, `reports/${run}.json`), 'utf8'));
  } catch {
    return undefined;
  }
}
