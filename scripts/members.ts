import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { caseOps, caseView, ops, type Operation } from '@recourse/protocol';
import { fileOf } from './operations.ts';

// A member that may be left out can be forgotten without a type error: in the handler that should keep it, in the answer
// that should show it, on the page and in the form. These functions find it by its name, which nothing there says.

const OPERATIONS = 'packages/registry/src/operations';
const FORM = 'apps/console/src/trust/new-record';

/** Members of inputs and outputs that no file says which the handler of their operation imports. */
export function unnamedByHandlers(root: string): string[] {
  const files = new Sources(root);
  const tables = Object.entries<Pick<Operation, 'input' | 'output'>>({ ...ops, ...caseOps });
  return tables.flatMap(([op, { input, output }]) => {
    const words = files.words(files.importedBy(`${OPERATIONS}/${fileOf(op)}`));
    return [
      ...membersOf(input).map((member) => ({ member, place: `${op} takes ${member}` })),
      ...membersOf(output).map((member) => ({ member, place: `${op} answers ${member}` })),
    ].flatMap(({ member, place }) => (isSaid(member, words) ? [] : [place]));
  });
}

/** Members of a case that no page of the creator says. */
export function unnamedByPages(root: string): string[] {
  const files = new Sources(root);
  const pages = globSync('apps/server/src/http/case-pages/*.ts', { cwd: root });
  const words = files.words(pages.filter((file) => !file.endsWith('.test.ts')));
  return membersOf(caseView).filter((member) => !isSaid(member, words));
}

/** Fields of a new record that no part of its form changes. */
export function unchangedByForm(root: string): string[] {
  const files = new Sources(root);
  const form = /interface RecordForm \{([^}]*)\}/.exec(files.read(`${FORM}/record-form.ts`));
  const fields = [...(form?.[1] ?? '').matchAll(/^ +readonly (\w+):/gm)];
  if (fields.length === 0) throw new Error('no fields in record-form.ts');
  const parts = globSync(`${FORM}/*.tsx`, { cwd: root }).map((file) => files.read(file));
  return fields
    .map(([, name = '']) => name)
    .filter((name) => !parts.some((part) => part.includes(`change({ ${name}`)));
}

/** Columns of an import that the help or the page of the command line does not name. */
export function unnamedColumns(root: string): string[] {
  const files = new Sources(root);
  const { 1: required = '', 2: optional = '' } =
    /requiredColumns = \[(.*?)\].*?optionalColumns = \[(.*?)\]/s.exec(
      files.read('apps/cli/src/import/columns.ts'),
    ) ?? [];
  const columns = [...(required + optional).matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
  if (columns.length === 0) throw new Error('no columns in columns.ts');
  return ['apps/cli/src/commands/import.ts', 'apps/cli/README.md'].flatMap((file) => {
    const words = files.words([file]);
    return columns.filter((name) => !words.has(name)).map((name) => `${file}: ${name}`);
  });
}

const isSaid = (member: string, words: ReadonlySet<string>): boolean =>
  words.has(member.slice(member.lastIndexOf('.') + 1));

/** A schema as JSON Schema describes it. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
}

/** Each member by its path, those of lists and alternatives too. */
function membersOf(schema: Pick<Operation['input'], 'toJSONSchema'>): string[] {
  return [...new Set(pathsIn(schema.toJSONSchema({ io: 'input' }) as Node, ''))];
}

function pathsIn(node: Node, before: string): string[] {
  const { properties = {}, items, anyOf = [], oneOf = [], allOf = [] } = node;
  const inside = [...(items ? [items] : []), ...anyOf, ...oneOf, ...allOf];
  return [
    ...Object.entries(properties).flatMap(([name, one]) => [
      before + name,
      ...pathsIn(one, `${before}${name}.`),
    ]),
    ...inside.flatMap((one) => pathsIn(one, before)),
  ];
}

/** Files by their paths from the root, each read once. */
class Sources {
  readonly #root: string;
  readonly #texts = new Map<string, string>();
  readonly #words = new Map<string, readonly string[]>();

  constructor(root: string) {
    this.#root = root;
  }

  read(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(join(this.#root, file), 'utf8');
    this.#texts.set(file, text);
    return text;
  }

  /** Everything that a file imports by relative paths, and itself */
  importedBy(file: string, found = new Set<string>()): ReadonlySet<string> {
    if (found.has(file)) return found;
    found.add(file);
    for (const [, module = ''] of this.read(file).matchAll(/ from '(\.[^']+)';$/gm)) {
      this.importedBy(normalize(join(dirname(file), module)), found);
    }
    return found;
  }

  words(files: Iterable<string>): ReadonlySet<string> {
    return new Set([...files].flatMap((file) => this.#wordsOf(file)));
  }

  #wordsOf(file: string): readonly string[] {
    const known = this.#words.get(file);
    if (known) return known;
    const words = this.read(file).match(/[A-Za-z_$][\w$]*/g) ?? [];
    this.#words.set(file, words);
    return words;
  }
}
