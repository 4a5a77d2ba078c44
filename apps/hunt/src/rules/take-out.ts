import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Edit, Rule } from './rule.ts';

const root = new URL('../../../../', import.meta.url);

/**
 * Sources are read as they would be without a rule. Nothing is written: call it before anything of the registry is
 * imported.
 */
export function takeOut({ edits = [] }: Rule): void {
  const changed = new Map<string, string>();
  for (const edit of edits) {
    // A step of the schema made it: see `take-out-of-database.ts`.
    if (edit.function !== undefined) continue;
    const url = new URL(edit.file, root);
    const before = changed.get(url.href) ?? readFileSync(fileURLToPath(url), 'utf8');
    changed.set(url.href, edited(before, edit));
  }
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      const source = changed.get(url);
      return source === undefined ? loaded : { ...loaded, source };
    },
  });
}

/** @throws where the text does not stand there exactly once: the list is older than the source */
export function edited(source: string, { file, find, replace }: Edit): string {
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`${file} has ${times} times: ${find}`);
  return source.replace(find, () => replace);
}
