import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One rule that protects a person, as a row of `docs/due-process.md` says it. */
export interface Rule {
  /** Line of the page, from 1 */
  readonly line: number;
  readonly rule: string;
  readonly heldBy: string;
  /** Constraints, unique indexes, triggers and policies of the database */
  readonly constraints: readonly string[];
  /** Paths from the root of the repository, or names of the code: `mayAppeal` */
  readonly where: readonly string[];
  readonly tests: readonly RuleTest[];
}

/** A test: its file, from the root of the repository, and the beginning of its title. */
export interface RuleTest {
  readonly file: string;
  readonly title: string;
}

export interface RulesPage {
  readonly chapters: readonly { readonly title: string; readonly rules: readonly Rule[] }[];
  /** One for each line that cannot be read: `12: what is wrong, and what is allowed` */
  readonly problems: readonly string[];
}

interface CheckedRules {
  readonly rules: number;
  /** Rules of which no test exists */
  readonly untested: readonly string[];
  readonly problems: readonly string[];
}

/** Paths by name */
type Links = ReadonlyMap<string, string>;

const HEAD = ['| rule | held by | constraint | place | test |', '|---|---|---|---|---|'];
const LINK = /^\[(.+)\]: \.\.\/(\S+)$/;
const HOLDERS = ['database', 'signature', 'code'];

/** Reads each line below the first `## `: a heading, a row of a table, or a link. */
export function readRules(text: string): RulesPage {
  const lines = text.split('\n');
  const links: Links = new Map(
    lines.map((line) => LINK.exec(line) ?? []).map(([, label = '', path = '']) => [label, path]),
  );
  const chapters: { title: string; rules: Rule[] }[] = [];
  const problems: string[] = [];
  for (const [index, line] of lines.entries()) {
    try {
      if (line.startsWith('## ')) chapters.push({ title: line.slice(3), rules: [] });
      else if (line === '' || chapters.length === 0 || isHead(lines, index)) continue;
      else if (line.startsWith('[')) checkLink(line, text);
      else if (!line.startsWith('|') || !lines[index - 1]?.startsWith('|'))
        throw new Error(NO_LINE);
      else chapters.at(-1)?.rules.push({ line: index + 1, ...readRow(line, links) });
    } catch (error) {
      problems.push(`${index + 1}: ${(error as Error).message}`);
    }
  }
  return { chapters, problems };
}

const isHead = (lines: readonly string[], index: number): boolean =>
  [index, index - 1].some((first) => HEAD.every((line, row) => lines[first + row] === line));

const NO_LINE = `write a "## heading", a row in | a table | or a [link]: ../path; a table begins with
${HEAD.join('\n')}`;

function checkLink(line: string, text: string): void {
  const [, label] = LINK.exec(line) ?? [];
  if (label === undefined) throw new Error('write a link as [name]: ../path');
  if (text.split(`\n[${label}]: `).length > 2) throw new Error(`[${label}] stands here twice`);
  if (text.split(`[${label}]`).length === 2) throw new Error(`no rule uses [${label}]`);
}

function readRow(line: string, links: Links): Omit<Rule, 'line'> {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
  const [, rule = '', heldBy = '', constraints = '', places = '', tests = '', end] = cells;
  if (cells.length !== 7 || rule === '' || end !== '') {
    throw new Error('a row is a rule and four more cells, and ends with |; a | inside is \\|');
  }
  if (!HOLDERS.includes(heldBy)) {
    throw new Error(`held by "${heldBy}"; held by: database, signature or code`);
  }
  return {
    rule,
    heldBy,
    constraints: partsOf(constraints, ', ').map(readName),
    where: partsOf(places, ', ').map((p) => (p.startsWith('[') ? pathOf(p, links) : readName(p))),
    tests: partsOf(tests, /; (?=\[)/).map((test) => readTest(test, links)),
  };
}

const partsOf = (cell: string, separator: string | RegExp): string[] =>
  cell === '' ? [] : cell.split(separator);

function readName(mark: string): string {
  const [, name] = /^`(\w+)`$/.exec(mark) ?? [];
  if (name === undefined) throw new Error(`${mark}: write \`name\`, or [link] for a place`);
  return name;
}

function readTest(test: string, links: Links): RuleTest {
  const [, link = '', title] = /^(\[.+?\]) "(.+)"$/.exec(test) ?? [];
  if (title === undefined) throw new Error(`${test}: write [link] "title", apart by "; "`);
  return { file: pathOf(link, links), title };
}

function pathOf(link: string, links: Links): string {
  const path = links.get(link.slice(1, -1));
  if (path === undefined) throw new Error(`add ${link}: ../path at the end of the page`);
  return path;
}

/**
 * Finds what is wrong with the page: lines that cannot be read, and what a rule names and the checkout at `root` lacks.
 */
export function checkRules({ chapters, problems }: RulesPage, root: string): CheckedRules {
  const rules = chapters.flatMap((chapter) => chapter.rules);
  const names = namesAt(root);
  const isGone = (place: string): boolean =>
    place.includes('/') ? !existsSync(join(root, place)) : !names.has(place);
  const faultsOf = ({ line, rule, heldBy, constraints, where, tests }: Rule): string[] => {
    const faults = where.filter(isGone).map((place) => `${place} does not exist`);
    faults.push(...tests.flatMap((test) => faultsOfTest(test, root)));
    if (where.length + constraints.length === 0) faults.push('no constraint and no place holds it');
    else if (heldBy === 'database' && constraints.length === 0 && !where.some(isOfDatabase)) {
      faults.push('held by the database: name a constraint, or the file of a right or a function');
    }
    if (rules.some((one) => one.rule === rule && one.line < line)) faults.push('it is said twice');
    return faults.map((fault) => `${line}: ${fault}`);
  };
  return {
    rules: rules.length,
    untested: rules
      .filter(({ tests }) => tests.every((test) => faultsOfTest(test, root).length > 0))
      .map(({ rule }) => rule),
    problems: [...problems, ...rules.flatMap(faultsOf)],
  };
}

const isOfDatabase = (place: string): boolean => /\/(?:migrations|schema)\//.test(place);

function faultsOfTest({ file, title }: RuleTest, root: string): string[] {
  const path = join(root, file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return [`${file} does not exist`];
  return hasTitle(readFileSync(path, 'utf8'), title) ? [] : [`${file} has no test "${title}"`];
}

/** A string literal begins with the title, as the one of a test or of its table does. */
export const hasTitle = (text: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) => text.includes(quote + title));

/** The words of the sources, without their tests. */
function namesAt(root: string): ReadonlySet<string> {
  const sources = globSync('{packages,apps}/*/src/**/*.{ts,tsx}', { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(root, path), 'utf8'));
  return new Set(sources.flatMap((text) => text.match(/\w+/g) ?? []));
}
