import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from './check-rules.ts';

/** A checkout: its files, and the words of its sources. */
export function repositoryAt(root: string): Repository {
  const sources = globSync('{packages,apps}/*/src/**/*.{ts,tsx}', { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(root, path), 'utf8'));
  const names = new Set(sources.flatMap((text) => text.match(/\w+/g) ?? []));
  return {
    isNamed: (name) => names.has(name),
    read: (path) => {
      const stat = statSync(join(root, path), { throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      return stat.isDirectory() ? path : readFileSync(join(root, path), 'utf8');
    },
  };
}
