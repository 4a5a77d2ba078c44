import type { IFlattenedRuleSet, IRegularForbiddenRuleType } from 'dependency-cruiser';

/** The workspaces that each workspace may import outside its tests: "Directions" of ARCHITECTURE.md. */
const DIRECTIONS: Record<string, string[]> = {
  'packages/ledger': [],
  'packages/protocol': ['packages/ledger'],
  'packages/texts': ['packages/protocol'],
  'packages/blind': ['packages/protocol'],
  'packages/witness': ['packages/protocol', 'packages/ledger'],
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
  'apps/console': ['packages/sdk', 'packages/protocol'],
  // The server for the demo alone, which runs a registry to tell its story against.
  'apps/cli': [
    'packages/sdk',
    'packages/protocol',
    'packages/texts',
    'packages/ledger',
    'packages/witness',
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

const TESTS = '\\.test\\.ts$|^(packages|apps)/[^/]+/tests/|/vitest\\.config\\.ts$';
const STORE = '^packages/registry/src/.+[/-]store\\.ts$';
const ROUTER = '^packages/registry/src/(.+[/-]router|api)\\.ts$';
const KYSELY = '(^|/)node_modules/kysely';
const TRPC = '(^|/)node_modules/@trpc/';
/** The file of a room that is named after the room's noun, with or without a suffix: sanction.ts, sanction-life.ts. */
const NOUN =
  '^packages/registry/src/(sanctions/sanction|checks/check|appeals/appeal|recalls/recall|parties/party|cases/case|events/event)[a-z-]*\\.ts$';

/** The rules that dependency-cruiser checks. Declared dependencies and entry points are checked by `edges.ts`. */
export const RULES: IFlattenedRuleSet = {
  forbidden: [
    ...Object.entries(DIRECTIONS).flatMap(([from, to]) => direction(from, to)),
    rule('no-cycles', {}, { circular: true }),
    rule('no-unresolvable', {}, { couldNotResolve: true }),
    rule('no-undeclared', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    rule(
      'no-dev-dependency-in-production',
      { path: '^(packages|apps)/[^/]+/src/', pathNot: `${TESTS}|^packages/testkit/` },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'testkit-only-from-tests',
      { pathNot: `${TESTS}|^packages/testkit/` },
      { path: '^packages/testkit/' },
    ),
    rule('no-tests-from-production', { pathNot: TESTS }, { path: TESTS }),
    {
      name: 'nouns-are-pure',
      severity: 'error',
      from: { path: NOUN, pathNot: TESTS },
      to: { path: `${STORE}|${ROUTER}|${KYSELY}`, reachable: true },
    },
    rule('stores-know-no-router', { path: STORE }, { path: `${ROUTER}|${TRPC}` }),
    rule(
      'routers-use-stores',
      { path: ROUTER },
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
