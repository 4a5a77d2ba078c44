import type { IRegularForbiddenRuleType } from 'dependency-cruiser';

/** The workspaces that each workspace may import outside its tests; none may import `testkit`. ARCHITECTURE.md draws them. */
export const DIRECTIONS: Record<string, string[]> = {
  'packages/ledger': [],
  'packages/protocol': ['packages/ledger'],
  'packages/design': [],
  'packages/serving': [],
  'packages/texts': ['packages/protocol'],
  'packages/blind': ['packages/protocol'],
  'packages/witness': ['packages/protocol', 'packages/ledger'],
  'packages/verify': ['packages/protocol', 'packages/ledger'],
  'packages/registry': ['packages/protocol', 'packages/ledger', 'packages/blind'],
  'packages/sdk': ['packages/protocol', 'packages/ledger', 'packages/blind', 'packages/texts'],
  'packages/better-auth': [],
  'packages/testkit': [
    'packages/protocol',
    'packages/ledger',
    'packages/blind',
    'packages/registry',
    'packages/sdk',
    'apps/server',
  ],
  'apps/server': [
    'packages/registry',
    'packages/protocol',
    'packages/blind',
    'packages/ledger',
    'packages/witness',
    'packages/texts',
    'packages/design',
    'packages/serving',
  ],
  'apps/console': ['packages/sdk', 'packages/protocol', 'packages/texts', 'packages/design'],
  // Ledger and witness for the witness that it can be.
  'apps/agent': [
    'packages/sdk',
    'packages/protocol',
    'packages/ledger',
    'packages/witness',
    'packages/serving',
  ],
  'apps/cli': [
    'packages/sdk',
    'packages/protocol',
    'packages/texts',
    'packages/ledger',
    'packages/verify',
    'packages/witness',
  ],
  'apps/demo': [
    'packages/sdk',
    'packages/protocol',
    'packages/ledger',
    'packages/verify',
    'apps/cli',
    'apps/server',
  ],
  'apps/bench': [
    'packages/protocol',
    'packages/ledger',
    'packages/blind',
    'packages/registry',
    'packages/sdk',
    'apps/server',
    'apps/agent',
  ],
  'apps/hunt': ['packages/protocol', 'packages/blind', 'packages/registry', 'packages/testkit'],
  'apps/ha': [
    'packages/protocol',
    'packages/sdk',
    'packages/ledger',
    'packages/verify',
    'packages/testkit',
    'apps/cli',
    'apps/server',
  ],
};

/** Imports by type only, in addition: the proof that the registry's router and the SDK's operations agree. */
const TYPES_ONLY: Record<string, string[]> = { 'packages/sdk': ['packages/registry'] };

const TESTS = ['\\.test\\.ts$', '^(packages|apps)/[^/]+/tests/'];
const STORE = '^packages/registry/src/.+[/-]store\\.ts$';
const ROUTERS = ['^packages/registry/src/api\\.ts$'];
/** Module that turns an error of tRPC into a problem */
const ERRORS = '^packages/registry/src/commit/answer\\.ts$';
const KYSELY = '(^|/)node_modules/kysely/';
const TRPC = '(^|/)node_modules/@trpc/';

/**
 * Files of pure rules and what they never run, directly or through what they import: `check-purity.ts`. Modules of Node
 * and the clock are refused besides. A type of a row does no I/O, so imports of types alone do not count here.
 */
export const PURE = {
  files: '^packages/(registry|protocol)/src/.+\\.rules\\.ts$',
  never: [STORE, ...ROUTERS, KYSELY, TRPC, '(^|/)node_modules/postgres/'],
};

/**
 * Where SQL stands: in stores, in the schema, and in the readers of entries, which each compare a query with the log. Of a server
 * besides in the rooms of its own PostgreSQL and of copies of it.
 */
export const SQL = {
  files: '^(packages/registry|apps/server)/src/',
  places: [
    STORE,
    '^apps/server/src/postgres-store\\.ts$',
    '^apps/server/src/postgres/',
    '^apps/server/src/backup/',
    '^packages/registry/src/kernel/',
    '^packages/registry/src/migrations/',
    '^packages/registry/src/schema/',
    '^packages/registry/src/readers/(?:doctor|entries)/',
  ],
};

/** The rules that dependency-cruiser checks. Declared dependencies and entry points are checked by `edges.ts`. */
export const RULES: { forbidden: IRegularForbiddenRuleType[] } = {
  forbidden: [
    ...Object.entries(DIRECTIONS).flatMap(([from, to]) => direction(from, to)),
    rule('no-cycles', {}, { circular: true }),
    rule('no-unresolvable', {}, { couldNotResolve: true }),
    rule('no-undeclared', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    rule(
      'no-dev-dependency-in-production',
      // Nobody installs the demo: the licence of its sample data is not approved by the OSI.
      {
        path: '^(packages|apps)/[^/]+/src/',
        pathNot: [...TESTS, '^packages/testkit/', '^apps/demo/'],
      },
      // A peer is there: whoever installs the package has it.
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    ),
    rule('no-tests-from-production', { pathNot: TESTS }, { path: TESTS }),
    rule(
      'no-vitest-in-pictures',
      // `npm run screenshots` plays the same scenes as tests, and is none.
      {
        path: '^apps/server/tests/(desk|screenshots|first-minutes|month)/',
        pathNot: '\\.test\\.ts$',
      },
      { path: '(^|/)node_modules/vitest/' },
    ),
    rule(
      'trpc-in-routers',
      { path: '^packages/registry/src/', pathNot: [...TESTS, ...ROUTERS, ERRORS] },
      { path: TRPC },
    ),
    rule(
      'no-sql-in-routers',
      { path: ROUTERS },
      { path: KYSELY, dependencyTypesNot: ['type-only'] },
    ),
  ],
};

function direction(from: string, to: string[]): IRegularForbiddenRuleType[] {
  const ours = { path: `^${from}/`, pathNot: TESTS };
  const others = `^(packages|apps)/(?!(${[from, ...to, ...(TYPES_ONLY[from] ?? [])].map(name).join('|')})/)`;
  return [
    rule(`direction-${name(from)}`, ours, { path: others }),
    ...(TYPES_ONLY[from] ?? []).map((only) =>
      rule(`direction-${name(from)}-${name(only)}-by-type`, ours, {
        path: `^${only}/`,
        dependencyTypesNot: ['type-only'],
      }),
    ),
  ];
}

function name(folder: string): string {
  return folder.split('/')[1] ?? folder;
}

function rule(
  name: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType {
  return { name, severity: 'error', from, to };
}
