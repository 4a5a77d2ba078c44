import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The pages of the repository. */
export const pagesIn = (root: string): string[] =>
  globSync('{*.md,{docs,apps,packages,.changeset,.github}/**/*.md}', {
    cwd: root,
    exclude: (path) => path.includes('node_modules'),
  }).toSorted();

/** Links of a page that lead nowhere: to no file, or to no heading of it. `at` is its path from the root. */
export function brokenLinks(text: string, at: string, root: string): string[] {
  return targetsIn(text).filter((target) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? at : normalize(join(dirname(at), path));
    if (path !== '' && !existsSync(join(root, file))) return true;
    if (anchor === undefined) return false;
    const page = path === '' ? text : read(join(root, file));
    return !anchorsOf(page).has(anchor);
  });
}

const read = (path: string): string => (statSync(path).isFile() ? readFileSync(path, 'utf8') : '');

/** Relative targets of links and pictures, outside code. */
function targetsIn(text: string): string[] {
  const prose = withoutCode(text);
  return [...prose.matchAll(/\]\(([^)\s]+)(?:\s[^)]*)?\)|^\[[^\]]+\]: (\S+)/gm)]
    .map(([, inline, reference]) => inline ?? reference ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));
}

const withoutCode = (text: string): string =>
  text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const plain = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim();
    const slug = plain.replaceAll(/\s/g, '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}
