import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether `COPY . .` sees a path, by the patterns of .dockerignore: the last one that fits it or a folder of it counts. */
export function contextOf(root: string): (path: string) => boolean {
  const patterns = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ fits: patternOf(line.replace(/^!/, '')), isKept: line.startsWith('!') }));
  return (path) => {
    const parts = path.split('/');
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    const last = patterns.findLast(({ fits }) => paths.some((path) => fits.test(path)));
    return last?.isKept ?? true;
  };
}

const patternOf = (text: string): RegExp =>
  new RegExp(
    `^${text
      .replaceAll(/[.+^$()|[\]{}\\]/g, String.raw`\$&`)
      .replaceAll(/\*\*\/|\*\*|\*|\?/g, (found) => wildcards[found] ?? '')}$`,
  );

const wildcards: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};
