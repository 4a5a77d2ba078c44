import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { caseOps, ops } from '@recourse/protocol';
import ts from 'typescript';

/** Where an operation stands: the row of its schema and the function that answers it, as `path:line` from the root. */
export interface OperationPlace {
  readonly op: string;
  readonly schema: string;
  readonly handler: string;
  /** The name of the function */
  readonly name: string;
}

const SOURCES = 'packages/registry/src';
const OPERATIONS = `${SOURCES}/operations`;
/** Code that several operations share by its nature: pure rules, SQL, and the floors below what a call works with. */
const COMMON =
  /\.rules\.ts$|store\.ts$|\/src\/(?:commit|context|kernel|log|migrations|records|vault)\//;

/** `sanctions.stateNotice` stands in `sanctions/state-notice.ts`. */
export function fileOf(op: string): string {
  return `${op.replace('.', '/').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
}

/** Every operation of both tables, in their order, and what is wrong with its place: `[]` is a pass. */
export function findOperations(root: string): { places: OperationPlace[]; problems: string[] } {
  const table = parse(root, `${OPERATIONS}/index.ts`);
  const handlers = handlersIn(table);
  const schemas = schemasBelow(root);
  const places: OperationPlace[] = [];
  const problems: string[] = [];
  for (const op of [...Object.keys(ops), ...Object.keys(caseOps)]) {
    const handler = handlers.get(op);
    const file = `${OPERATIONS}/${fileOf(op)}`;
    if (handler?.file !== file) {
      problems.push(`${op}: its handler stands in ${handler?.file ?? 'no file'}, not in ${file}`);
      continue;
    }
    const source = parse(root, file);
    const declared = source.statements.find((statement) => nameOf(statement) === handler.name);
    problems.push(...faultsOf(op, source, declared));
    places.push({
      op,
      schema: schemas.get(op) ?? 'nowhere',
      handler: `${file}:${declared ? lineOf(source, declared) : 1}`,
      name: handler.name,
    });
  }
  return { places, problems };
}

/** A handler that only calls another function, or a file that exports more than its handler. */
function faultsOf(op: string, source: ts.SourceFile, handler: ts.Statement | undefined): string[] {
  const exported = source.statements.filter(isExported);
  if (!handler) return [`${op}: ${source.fileName} does not declare its handler`];
  return [
    ...(exported.length === 1 && exported[0] === handler
      ? []
      : [`${op}: ${source.fileName} exports more than its handler`]),
    ...(isLoneCall(handler) ? [`${op}: ${source.fileName} only calls another function`] : []),
  ];
}

/** `return other(ctx, input)`: the operation would stand somewhere else. */
function isLoneCall(statement: ts.Statement): boolean {
  const [fn] = functionsOf(statement);
  if (!fn?.body) return false;
  const [only, second] = ts.isBlock(fn.body) ? fn.body.statements : [fn.body];
  if (!only || second) return false;
  let value: ts.Node | undefined = ts.isReturnStatement(only) ? only.expression : only;
  if (value && ts.isAwaitExpression(value)) value = value.expression;
  if (!value || !ts.isCallExpression(value)) return false;
  const parameters = fn.parameters.map(({ name }) => name.getText());
  return (
    ts.isIdentifier(value.expression) &&
    value.arguments.every((argument, at) => argument.getText() === parameters[at])
  );
}

/**
 * Exported functions that one operation alone uses, and which do not stand in its file or in one beside it that begins
 * with its name.
 */
export function strayHelpers(root: string): string[] {
  const users = new Map<string, Set<string>>();
  const files = globSync('{packages,apps,scripts}/**/*.ts', {
    cwd: root,
    exclude: ['**/node_modules', '**/dist'],
  });
  for (const file of files) {
    for (const used of usedBy(parse(root, file))) {
      users.set(used, (users.get(used) ?? new Set()).add(file));
    }
  }
  return globSync(`${SOURCES}/**/*.ts`, { cwd: root })
    .filter((file) => !COMMON.test(file) && !file.endsWith('.test.ts'))
    .flatMap((file) => exportedFunctions(parse(root, file)).map((name) => ({ file, name })))
    .flatMap(({ file, name }) => {
      const [user, ...others] = users.get(`${file}#${name}`) ?? [];
      if (user === undefined || others.length > 0 || !isOperation(user)) return [];
      return isBeside(file, user) ? [] : [`${name} of ${file} is used by ${user} alone`];
    });
}

const isOperation = (file: string): boolean =>
  file.startsWith(`${OPERATIONS}/`) && file !== `${OPERATIONS}/index.ts`;

const isBeside = (file: string, operation: string): boolean =>
  file.startsWith(operation.replace(/\.ts$/, '-'));

/** `path#name` of what a file imports or exports of others by relative paths, and of its own that it uses itself. */
function usedBy(source: ts.SourceFile): string[] {
  const from = dirname(source.fileName);
  const used: string[] = [];
  for (const statement of source.statements) {
    const module = moduleOf(statement);
    if (module?.startsWith('.')) {
      const file = normalize(join(from, module));
      used.push(...namesIn(statement).map((name) => `${file}#${name}`));
    }
  }
  const counts = new Map<string, number>();
  for (const [word] of source.text.matchAll(/[\w$]+/g))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const own = exportedFunctions(source).filter((name) => (counts.get(name) ?? 0) > 1);
  return [...used, ...own.map((name) => `${source.fileName}#${name}`)];
}

function moduleOf(statement: ts.Statement): string | undefined {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined;
  const { moduleSpecifier } = statement;
  return moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
}

function namesIn(statement: ts.Statement): string[] {
  const clause = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : ts.isExportDeclaration(statement)
      ? statement.exportClause
      : undefined;
  if (!clause || !('elements' in clause)) return [];
  return clause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

const exportedFunctions = (source: ts.SourceFile): string[] =>
  source.statements
    .filter((statement) => isExported(statement) && functionsOf(statement).length > 0)
    .flatMap((statement) => nameOf(statement) ?? []);

function functionsOf(statement: ts.Statement): ts.FunctionLikeDeclaration[] {
  if (ts.isFunctionDeclaration(statement)) return [statement];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ initializer }) =>
    initializer && ts.isArrowFunction(initializer) ? [initializer] : [],
  );
}

function nameOf(statement: ts.Statement): string | undefined {
  if (ts.isFunctionDeclaration(statement)) return statement.name?.text;
  if (!ts.isVariableStatement(statement)) return undefined;
  return statement.declarationList.declarations[0]?.name.getText();
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** The file and the name of the function behind each key of the table's two objects. */
function handlersIn(table: ts.SourceFile): Map<string, { file: string; name: string }> {
  const files = new Map<string, string>();
  for (const statement of table.statements) {
    const module = moduleOf(statement);
    if (!module?.startsWith('.')) continue;
    const file = normalize(join(dirname(table.fileName), module));
    for (const name of namesIn(statement)) files.set(name, file);
  }
  const handlers = new Map<string, { file: string; name: string }>();
  visit(table, (node) => {
    if (!ts.isPropertyAssignment(node) || !ts.isStringLiteral(node.name)) return;
    const name = node.initializer.getText();
    handlers.set(node.name.text, { file: files.get(name) ?? 'no file', name });
  });
  return handlers;
}

/** Where the op tables say what goes in and what comes out. */
function schemasBelow(root: string): Map<string, string> {
  const places = new Map<string, string>();
  for (const file of globSync('packages/protocol/src/ops/*.ts', { cwd: root })) {
    if (file.endsWith('.test.ts')) continue;
    const source = parse(root, file);
    visit(source, (node) => {
      if (!ts.isPropertyAssignment(node) || !ts.isStringLiteral(node.name)) return;
      if (/^[a-z]+\.[a-zA-Z]+$/.test(node.name.text)) {
        places.set(node.name.text, `${file}:${lineOf(source, node)}`);
      }
    });
  }
  return places;
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => visit(child, look));
}

const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

function parse(root: string, file: string): ts.SourceFile {
  const text = readFileSync(join(root, file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}
