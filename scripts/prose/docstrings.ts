import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { sentencesOf, type Sentence } from './sentences.ts';

/** Packages whose exports others program against. */
const PUBLIC = '{blind,ledger,protocol,sdk,verify,witness}';

type Names = ReadonlySet<string> | 'all';

/** Source files with exports that the entry points of the public packages reach, and which. Paths are from the root. */
export function publicFiles(root: string): Map<string, Set<string>> {
  const reached = new Map<string, Set<string>>();
  for (const manifest of globSync(`packages/${PUBLIC}/package.json`, { cwd: root }).toSorted()) {
    const { exports } = JSON.parse(readFileSync(join(root, manifest), 'utf8')) as {
      exports: Record<string, Record<string, string>>;
    };
    for (const entry of Object.values(exports))
      reach(join(dirname(manifest), entry['@recourse/source'] ?? ''), 'all', { root, reached });
  }
  return reached;
}

/** Sentences in the docstrings of a file: of what it exports, or of these names alone, and of their public members. */
export function docstringSentences(path: string, names: Names = 'all'): Sentence[] {
  const source = parse(path);
  return source.statements
    .filter((statement) => namesOf(statement).some((name) => names === 'all' || names.has(name)))
    .flatMap((statement) => [statement, ...membersOf(statement)])
    .flatMap((node) => ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc))
    .flatMap((doc) => {
      const above = source.getLineAndCharacterOfPosition(doc.pos).line;
      return sentencesOf(textOf(doc.getText(source))).map((sentence) => ({
        ...sentence,
        line: above + sentence.line,
      }));
    });
}

/** Exports of a file without a docstring, or members of them: `ConnectOptions.party`. */
export function undocumented(path: string, names: Names = 'all'): string[] {
  const source = parse(path);
  return source.statements.flatMap((statement) =>
    namesOf(statement)
      .filter((name) => names === 'all' || names.has(name))
      .flatMap((name) => [
        ...(isDocumented(statement) ? [] : [name]),
        ...membersOf(statement)
          .filter((member) => !isDocumented(member))
          .map((member) => `${name}.${nameOf(member)}`),
      ]),
  );
}

const isDocumented = (node: ts.Node): boolean =>
  ts.getJSDocCommentsAndTags(node).some((doc) => ts.isJSDoc(doc));

const nameOf = (member: ts.Node): string =>
  (member as ts.NamedDeclaration).name?.getText() ?? ts.SyntaxKind[member.kind];

interface Reach {
  readonly root: string;
  readonly reached: Map<string, Set<string>>;
}

function reach(path: string, names: Names, to: Reach): void {
  const known = to.reached.get(path) ?? new Set<string>();
  to.reached.set(path, known);
  for (const statement of parse(join(to.root, path)).statements) {
    for (const name of namesOf(statement)) if (names === 'all' || names.has(name)) known.add(name);
    const from = reExport(statement, names);
    if (from !== undefined) reach(join(dirname(path), from.path), from.names, to);
  }
}

/** `export * from './x.ts'`, or `export { a, b as c } from './x.ts'`: what it takes from where. */
function reExport(
  statement: ts.Statement,
  names: Names,
): { path: string; names: Names } | undefined {
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined)
    return undefined;
  const path = (statement.moduleSpecifier as ts.StringLiteral).text;
  if (!path.startsWith('.')) return undefined;
  const { exportClause } = statement;
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return { path, names };
  const taken = exportClause.elements.filter(({ name }) => names === 'all' || names.has(name.text));
  return {
    path,
    names: new Set(taken.map(({ name, propertyName }) => (propertyName ?? name).text)),
  };
}

function namesOf(statement: ts.Statement): string[] {
  const exported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (exported !== true) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as { name?: ts.Identifier };
  return name === undefined ? [] : [name.text];
}

function membersOf(statement: ts.Statement): ts.Node[] {
  if (ts.isInterfaceDeclaration(statement)) {
    const bases = statement.heritageClauses?.flatMap(({ types }) => types) ?? [];
    return [...statement.members, ...bases.flatMap(partsOf)];
  }
  if (ts.isTypeAliasDeclaration(statement)) return partsOf(statement.type);
  if (!ts.isClassDeclaration(statement)) return [];
  return statement.members.filter(
    ({ name }) => name === undefined || !ts.isPrivateIdentifier(name),
  );
}

/** Members of a type literal, of what a union or an intersection is made of, and of types that the file keeps to itself. */
function partsOf(type: ts.TypeNode): ts.Node[] {
  if (ts.isTypeLiteralNode(type)) return [...type.members];
  if (ts.isParenthesizedTypeNode(type)) return partsOf(type.type);
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type))
    return type.types.flatMap(partsOf);
  const name = ts.isTypeReferenceNode(type)
    ? type.typeName
    : (type as Partial<ts.ExpressionWithTypeArguments>).expression;
  if (name === undefined || !ts.isIdentifier(name)) return [];
  const own = type
    .getSourceFile()
    .statements.find(
      (statement) =>
        (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
        statement.name.text === name.text &&
        namesOf(statement).length === 0,
    );
  return own === undefined ? [] : membersOf(own);
}

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);

/** A docstring without its stars, line by line. Each tag begins a paragraph, and an example is code. */
function textOf(docstring: string): string {
  const lines = docstring
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  let tag = '';
  return lines
    .map((line) => {
      const begins = /^\s*@(\w+)/.exec(line)?.[1];
      tag = begins ?? tag;
      return tag === 'example' ? '' : line.replace(/^\s*@\w+/, '- ');
    })
    .join('\n')
    .replaceAll(/\{@link ([^}]*)\}/g, '`$1`');
}
