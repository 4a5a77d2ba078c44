import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { docstringSentences, publicFiles } from './docstrings.ts';
import { longLinesOf, MAX_COLUMNS, MAX_WORDS, sentencesOf, type Sentence } from './sentences.ts';

/**
 * Texts that people read: pages, and the sources whose docstrings editors show. Templates are left out: they are forms
 * for lawyers, in the wording of the law. So is the changelog, which lists the past.
 */
export const pagesOf = (root: string): string[] =>
  globSync(
    '{{README,ARCHITECTURE,CONTRIBUTING,SECURITY}.md,docs/**/*.md,{apps,packages}/**/README.md}',
    {
      cwd: root,
      exclude: (path) => path.includes('node_modules') || path === 'docs/templates',
    },
  ).toSorted();

/** A page, or a source of a public package: its sentences, and the numbers of lines that are too long. */
export interface Prose {
  readonly path: string;
  readonly sentences: readonly Sentence[];
  readonly longLines: readonly number[];
}

export interface Fault {
  readonly line: number;
  readonly text: string;
}

export function proseOf(root: string): Prose[] {
  const pages = pagesOf(root).map((path) => {
    const page = readFileSync(join(root, path), 'utf8');
    return { path, sentences: sentencesOf(page), longLines: longLinesOf(page) };
  });
  const sources = [...publicFiles(root)].map(([path, names]) => ({
    path,
    sentences: docstringSentences(join(root, path), names),
    longLines: [],
  }));
  return [...pages, ...sources];
}

export function faultsOf({ sentences, longLines }: Prose): Fault[] {
  const long = sentences.filter(({ words }) => words > MAX_WORDS);
  return [
    ...long.map(({ line, words, text }) => ({ line, text: `${words} words: ${text}` })),
    ...longLines.map((line) => ({ line, text: `over ${MAX_COLUMNS} columns` })),
  ].toSorted((a, b) => a.line - b.line);
}
