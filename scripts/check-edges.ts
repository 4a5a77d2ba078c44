import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  cruise,
  type ICruiseResult,
  type IRegularForbiddenRuleType,
  type IModule,
} from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { checkFloors, type HouseCheck } from './check-floors.ts';
import { checkPurity } from './check-purity.ts';
import { DIRECTIONS, PURE, RULES, SQL } from './edge-rules.ts';

/** A workspace: its folder from the root, its name, and the names it declares as dependencies. */
interface Workspace {
  folder: string;
  name: string;
  declares: Set<string>;
}

export interface EdgeCheck {
  /** One line for each import that is not allowed; `[]` is a pass */
  readonly problems: string[];
  readonly houses: HouseCheck[];
}

/** Checks all imports below `root`, and the floors. */
export async function checkEdges(root: string): Promise<EdgeCheck> {
  const workspaces = findWorkspaces(root);
  const { output } = await cruise(
    ['packages', 'apps'],
    {
      baseDir: root,
      ruleSet: RULES,
      validate: true,
      // Only our own build output: `/dist/` would also hide what npm packages publish, and with it undeclared imports.
      exclude: { path: '^(packages|apps)/[^/]+/dist/' },
      doNotFollow: { path: 'node_modules' },
      tsPreCompilationDeps: true,
      combinedDependencies: true,
    },
    {
      exportsFields: ['exports'],
      conditionNames: ['@recourse/source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.d.ts'],
    },
    { tsConfig: extractTsConfig(join(root, 'tsconfig.json')) },
  );
  const { modules, summary } = output as ICruiseResult;
  const houses = checkFloors(modules);
  const problems = [
    ...workspaces.filter(({ folder }) => !modules.some(isSourceOf(folder))).map(unseen),
    ...(modules.length === 0 ? ['no modules were seen at all'] : []),
    ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
    ...modules.flatMap((module) => crossings(module, workspaces)),
    ...checkPurity(modules, root),
    ...checkSql(modules, root),
    ...houses.flatMap((house) => house.problems),
    ...unmatched(modules, workspaces),
  ];
  return { problems, houses };
}

/** Rules that hold nothing, since what they name is not there: a renamed folder would take its guard with it. */
function unmatched(modules: IModule[], workspaces: Workspace[]): string[] {
  const folders = workspaces.map(({ folder }) => folder);
  const directed = Object.entries(DIRECTIONS).flat(2);
  const patterns: [rule: string, path: string][] = [
    ...RULES.forbidden.flatMap((rule) =>
      patternsOf(rule).map((path): [string, string] => [rule.name ?? '', path]),
    ),
    ...[PURE.files, ...PURE.never].map((path): [string, string] => ['rules-are-pure', path]),
    ...SQL.places.map((path): [string, string] => ['sql-in-stores', path]),
  ];
  return [
    ...folders
      .filter((folder) => !directed.includes(folder))
      .map((folder) => `no directions for ${folder}`),
    ...[...new Set(directed)]
      .filter((folder) => !folders.includes(folder))
      .map((folder) => `matches no file: directions: ${folder}`),
    ...patterns
      .filter(([, path]) => !modules.some(({ source }) => new RegExp(path).test(source)))
      .map(([rule, path]) => `matches no file: ${rule}: ${path}`),
  ];
}

const patternsOf = ({ from, to }: IRegularForbiddenRuleType): string[] =>
  [from.path, from.pathNot, to.path].flatMap((path) => path ?? []);

/** Imports of another workspace go through its name, and the name is declared. */
function crossings(module: IModule, workspaces: Workspace[]): string[] {
  const own = owner(module.source, workspaces);
  if (own === undefined) return [];
  return module.dependencies.flatMap((dependency) => {
    const target = owner(dependency.resolved, workspaces);
    if (target === undefined || target === own) return [];
    const edge = `${module.source} -> ${dependency.module}`;
    if (!`${dependency.module}/`.startsWith(`${target.name}/`)) return [`by-name-only: ${edge}`];
    return own.declares.has(target.name) ? [] : [`no-undeclared: ${edge}`];
  });
}

function findWorkspaces(root: string): Workspace[] {
  return globSync('{packages,apps}/*/package.json', { cwd: root })
    .toSorted()
    .map((path) => {
      const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
      const declared = { ...manifest.dependencies, ...manifest.devDependencies };
      return {
        folder: dirname(path),
        name: manifest.name,
        declares: new Set(Object.keys(declared)),
      };
    });
}

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function owner(path: string, workspaces: Workspace[]): Workspace | undefined {
  return workspaces.find(({ folder }) => path.startsWith(`${folder}/`));
}

function isSourceOf(folder: string): (module: IModule) => boolean {
  return ({ source }) => source.startsWith(`${folder}/src/`);
}

function unseen({ folder }: Workspace): string {
  return `no modules were seen in ${folder}`;
}

const STATEMENT =
  /\bsql(?:<[^`]*>)?`|\.(?:unsafe|selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/;

/** One line for each file of the registry or its server that holds SQL and is no place for it; `[]` is a pass. */
const checkSql = (modules: IModule[], root: string): string[] =>
  modules
    .map(({ source }) => source)
    .filter((source) => new RegExp(SQL.files).test(source) && !source.endsWith('.test.ts'))
    .filter((source) => !SQL.places.some((place) => new RegExp(place).test(source)))
    .filter((source) => STATEMENT.test(readFileSync(join(root, source), 'utf8')))
    .map((source) => `sql-in-stores: ${source}`);
