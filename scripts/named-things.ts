import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { caseOps, ops } from '@recourse/protocol';
import { hasTitle, type RuleTest } from './due-process.ts';

/** Things that a page names: files, tests by their titles, operations, pages of the server, commands, names. */
export interface NamedThings {
  readonly files: readonly string[];
  readonly tests: readonly RuleTest[];
  readonly operations: readonly string[];
  readonly routes: readonly string[];
  readonly commands: readonly string[];
  /** Everything else in code type that is one word */
  readonly names: readonly string[];
}

const isTest = /^[\w./-]+\.test\.ts$/;
const isFile = /^(?:packages|apps|scripts|docs)\/[\w./-]+$/;
const isRoute = /^\/[a-z]/;
const isCommand = /^recourse( [a-z-]+)+$/;
const isName = /^[A-Za-z][\w-]*$/;
const families = new Set([...Object.keys(ops), ...Object.keys(caseOps)].map(familyOf));

function familyOf(name: string): string {
  return name.split('.')[0] ?? '';
}

const isOperation = (mark: string): boolean =>
  /^[a-z]+\.[A-Za-z]+$/.test(mark) && families.has(familyOf(mark));

/** Reads the marks of a page: links, and what stands in code type. `at` is its path from the root. */
export function namedIn(text: string, at: string): NamedThings {
  const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !target.includes(':'))
    .map((target) => normalize(join(dirname(at), target)));
  const tests = [
    ...text.matchAll(/(?:`|\]\()([\w./-]+\.test\.ts)[`)]\s+"([^]+?)"(?=[),;.\s|]|$)/gm),
  ].map(([, path = '', title = '']) => ({
    file: path.startsWith('.') ? normalize(join(dirname(at), path)) : path,
    title: title.replaceAll(/\s+/g, ' '),
  }));
  const marks = [...new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, mark = '']) => mark))];
  return {
    files: [...links, ...marks.filter((mark) => isFile.test(mark) || isTest.test(mark))],
    tests,
    operations: marks.filter(isOperation),
    routes: marks.filter((mark) => isRoute.test(mark)),
    commands: marks.filter((mark) => isCommand.test(mark)),
    names: marks.filter((mark) => isName.test(mark)),
  };
}

/** Finds what a page names and the checkout does not have. */
export function missingIn(text: string, at: string, root: string): string[] {
  const named = namedIn(text, at);
  const read = (path: string): string =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
  const words = wordsOf(root);
  const known = new Set([...Object.keys(ops), ...Object.keys(caseOps)]);
  return [
    ...named.files.filter((file) => !existsSync(join(root, file))),
    ...named.tests
      .filter(({ file, title }) => !hasTitle(read(file), title))
      .map(({ file, title }) => `${file} "${title}"`),
    ...named.operations.filter((name) => !known.has(name)),
    ...named.routes.filter((route) => !isServed(route, root)),
    ...named.commands.filter((command) => !isCommandOf(command, root)),
    ...named.names.filter((name) => !words.has(name)),
  ];
}

function isServed(route: string, root: string): boolean {
  const path = route.replaceAll(/<[^>]+>/g, ':id');
  const sources = textsOf('apps/server/src/http/**/*.ts', root);
  return sources.some((source) => [`'${path}'`, `'${path}/`].some((part) => source.includes(part)));
}

/** `recourse parties object`: each word after the first is said in the files of the command. */
function isCommandOf(command: string, root: string): boolean {
  const [, first = '', ...rest] = command.split(' ');
  const sources = textsOf(`apps/cli/src/commands/{${first},${first}/*}.ts`, root);
  return (
    sources.length > 0 && rest.every((word) => sources.some((source) => source.includes(word)))
  );
}

const textsOf = (glob: string, root: string): string[] =>
  globSync(glob, { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'));

const wordsAt = new Map<string, ReadonlySet<string>>();

/** Names of the code, of the database, and of the catalogues, outside tests: read once, for all pages. */
function wordsOf(root: string): ReadonlySet<string> {
  const known = wordsAt.get(root);
  if (known) return known;
  const sources = [
    ...textsOf('{packages,apps}/*/src/**/*.ts', root),
    ...textsOf('packages/texts/src/catalogues/en/*.json', root),
  ];
  const words = new Set(sources.flatMap((source) => source.match(/[A-Za-z][\w-]*/g) ?? []));
  wordsAt.set(root, words);
  return words;
}
