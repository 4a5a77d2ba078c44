import type { IRegularForbiddenRuleType } from 'dependency-cruiser';

/** The workspaces that each workspace may import outside its tests, and none may import `testkit`: "Directions" of ARCHITECTURE.md. */
export const DIRECTIONS: Record<string, string[]> = {
  'packages/ledger': [],
  'packages/protocol': ['packages/ledger'],
  'packages/texts': ['packages/protocol'],
  'packages/blind': ['packages/protocol'],
  'packages/witness': ['packages/protocol', 'packages/ledger'],
  'packages/verify': ['packages/protocol', 'packages/ledger'],
  'packages/registry': ['packages/protocol', 'packages/ledger', 'packages/blind'],
  'packages/sdk': ['packages/protocol', 'packages/ledger', 'packages/blind', 'packages/texts'],
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
  ],
  // Ledger and witness for the witness that it can be.
  'apps/agent': ['packages/sdk', 'packages/protocol', 'packages/ledger', 'packages/witness'],
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
};

/** By type only, in addition: the proof that the registry's router and the SDK's operations agree. */
const TYPES_ONLY: Record<string, string[]> = { 'packages/sdk': ['packages/registry'] };

/** One floor of `packages/registry/src`, where every file has one. */
export interface Floor {
  readonly name: string;
  /** Folders (`panel/`) and files (`audit/handle-*.ts`); a file of its own beats the folder that it is in. */
  readonly holds: readonly string[];
  /** What alone it imports of other floors; otherwise whatever stands below it. */
  readonly reads?: readonly string[];
}

/**
 * From top to bottom: a floor imports what stands below it, by value or by type, and nothing above. `check-floors.ts`
 * holds them, but for the imports in `floor-exceptions.ts`. Where a folder is on several floors, its files will move.
 */
export const FLOORS: readonly Floor[] = [
  // The public surface
  { name: 'index', holds: ['index.ts'] },
  // What answers each operation, and how a server is put together
  {
    name: 'operations',
    holds: [
      'api.ts',
      'calls.ts',
      'case-operations.ts',
      'migrate.ts',
      'operations.ts',
      'parties/public-router.ts',
    ],
  },
  // Beside all others
  { name: 'migrations', holds: ['migrations/'], reads: ['bounds.ts', 'tables/'] },
  // One signed call from bytes to receipt
  {
    name: 'calls',
    holds: [
      'audit/handle-*.ts',
      'audit/group-commit.ts',
      'audit/key-cache.ts',
      'audit/recent-calls.ts',
    ],
  },
  // Who reads the log against the tables
  { name: 'readers', holds: ['ledger/doctor/', 'ledger/recovery/', 'transparency/'] },
  // What is due
  { name: 'scheduler', holds: ['due/'] },
  // What is kept, and how long
  { name: 'retention', holds: ['retention/'] },
  // Votes about parties
  { name: 'panel', holds: ['panel/'] },
  // Rates, draws, suspensions, decisions made again
  { name: 'accountability', holds: ['accountability/', 'accountability/inspection-opening.ts'] },
  // Assignment, evidence, disputes and decisions, of an appeal or of an inspection of a record
  { name: 'review', holds: ['appeals/', 'accountability/inspection*.ts'] },
  // The creator's side: access, proofs, news, notices
  // The creator's side: access, proofs, news, notices
  { name: 'cases', holds: ['cases/', 'notices/'] },
  // Evaluations, matches, prefix sets, epochs, quotas
  { name: 'lookup', holds: ['checks/', 'prefixes/', 'tokens/'] },
  // Intake, drafts, echoes, questions between platforms
  { name: 'submissions', holds: ['sanctions/', 'echoes/', 'questions/'] },
  // Registrations, keys, people, acts of two holders
  { name: 'parties', holds: ['parties/'] },
  // Recalls and events
  { name: 'told', holds: ['recalls/', 'events/'] },
  // The life of a record
  {
    name: 'records',
    holds: [
      'sanctions/life.rules.ts',
      'sanctions/record.ts',
      'sanctions/store.ts',
      'sanctions/notice-store.ts',
      'sanctions/materialise.ts',
      'sanctions/transition.ts',
      'sanctions/ending.ts',
      'sanctions/appeal-closing.ts',
      'echoes/echo.rules.ts',
    ],
  },
  // Sequencer, tiles, checkpoints, witnesses
  { name: 'log', holds: ['ledger/'] },
  // What one transaction leaves: audit row, receipt, stored answer, entries that wait
  { name: 'commit', holds: ['audit/', 'ledger/changes.ts', 'transparency/facts-store.ts'] },
  // Keys of cases, and sealing
  {
    name: 'vault',
    holds: [
      'cases/vault.ts',
      'cases/sealed-columns.ts',
      'cases/open-case.ts',
      'cases/store.ts',
      'appeals/sealed-text.ts',
    ],
  },
  // Database and tables, context, bounds, refusals, retry, hashes
  {
    name: 'kernel',
    holds: [
      'database.ts',
      'tables/',
      'ledger/recovery/recovery-counts.ts',
      'connect.ts',
      'postgres-*.ts',
      'context.ts',
      'bounds.ts',
      'errors.ts',
      'sanctions/refusal.ts',
      'audit/retry.ts',
      'node-crypto.ts',
    ],
  },
];

const TESTS = ['\\.test\\.ts$', '^(packages|apps)/[^/]+/tests/'];
const STORE = '^packages/registry/src/.+[/-]store\\.ts$';
const ROUTERS = ['^packages/registry/src/.+-router\\.ts$', '^packages/registry/src/api\\.ts$'];
/** What turns an error of tRPC into a problem */
const ERRORS = '^packages/registry/src/audit/answer\\.ts$';
const KYSELY = '(^|/)node_modules/kysely/';
const TRPC = '(^|/)node_modules/@trpc/';

/**
 * Files of pure rules and what they never run, directly or through what they import: `check-purity.ts`. Modules of Node
 * and the clock are refused besides. A type of a row does no I/O, so imports of types alone do not count here.
 */
export const PURE = {
  files: '^packages/(registry|protocol)/src/.+\\.rules\\.ts$',
  never: [STORE, ...ROUTERS, KYSELY, TRPC, '(^|/)node_modules/(postgres|pg-boss)/'],
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
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule('no-tests-from-production', { pathNot: TESTS }, { path: TESTS }),
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
