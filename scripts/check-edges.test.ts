import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkEdges } from './check-edges.ts';
import { DIRECTIONS } from './edge-rules.ts';
import { HOUSES } from './floors.ts';

const repository = join(import.meta.dirname, '..');
const root = mkdtempSync(join(tmpdir(), 'recourse-edges-'));
const registry = 'packages/registry/src';

/** A file of the repository in each place of a floor. */
const FLOOR_FILES: Record<string, string> = {};
for (const { root: house, floors } of HOUSES) {
  for (const entry of floors.flatMap(({ holds, reads = [] }) => [...holds, ...reads])) {
    const pattern = entry.endsWith('/') ? `${entry}**/*.{ts,tsx}` : entry;
    const files = globSync(pattern, { cwd: join(repository, house) }).toSorted();
    const file = files.findLast((path) => !/\.test\.tsx?$/.test(path)) ?? entry;
    FLOOR_FILES[house + file] = '';
  }
}

/** Imports that are allowed, with paths of the repository. */
const ALLOWED: Record<string, string> = {
  ...FLOOR_FILES,
  'packages/protocol/src/a.ts': `export { b } from '@recourse/ledger';`,
  'packages/ledger/src/c.test.ts': '',
  'packages/sdk/src/wire.ts': `import type { b } from '@recourse/registry'; export type B = typeof b;`,
  'packages/registry/tests/a.test.ts': `import '@recourse/testkit';`,
  [`${registry}/api.ts`]: `import '@trpc/server'; import type { a } from 'kysely'; export type A = typeof a;`,
  [`${registry}/kernel/postgres-pool.ts`]: `import 'postgres';`,
  [`${registry}/commit/answer.ts`]: `import '@trpc/server';`,
  [`${registry}/records/store.ts`]: `export { a } from 'kysely';`,
  [`${registry}/submissions/recording.ts`]: `import '../records/store.ts';`,
  [`${registry}/panel/opening.ts`]: '',
  [`${registry}/kernel/errors.ts`]: '',
  [`${registry}/readers/entries/ends.ts`]: '',
  'apps/server/src/http/pace.ts': '',
  'apps/server/tests/desk/a.slow.test.ts': `import 'vitest';`,
  'apps/console/src/app/desks.ts': '',
  [`${registry}/submissions/intake.rules.test.ts`]: `import '@recourse/testkit';`,
  [`${registry}/submissions/subject.rules.ts`]: `import type { a } from '../records/store.ts'; export type A = typeof a;`,
};

/** One breach a rule, each in a file of its own, and the line that refuses it. */
const REFUSED: [line: string, file: string, text: string][] = [
  [
    'direction-ledger: packages/ledger/src/a.ts -> packages/protocol/src/index.ts',
    'packages/ledger/src/a.ts',
    `import '@recourse/protocol';`,
  ],
  [
    'direction-sdk-registry-by-type: packages/sdk/src/pins.ts -> packages/registry/src/index.ts',
    'packages/sdk/src/pins.ts',
    `import { b } from '@recourse/registry'; b;`,
  ],
  [
    `direction-registry: ${registry}/kernel/connect.ts -> packages/testkit/src/index.ts`,
    `${registry}/kernel/connect.ts`,
    `import '@recourse/testkit';`,
  ],
  [
    'no-cycles: packages/ledger/src/d.ts -> packages/ledger/src/d.ts',
    'packages/ledger/src/d.ts',
    `import './d.ts';`,
  ],
  [
    'by-name-only: packages/protocol/src/b.ts -> ../../ledger/src/index.ts',
    'packages/protocol/src/b.ts',
    `import '../../ledger/src/index.ts';`,
  ],
  [
    'no-unresolvable: packages/protocol/src/c.ts -> @recourse/ledger/src/index.ts',
    'packages/protocol/src/c.ts',
    `import '@recourse/ledger/src/index.ts';`,
  ],
  [
    'no-unresolvable: packages/protocol/src/d.ts -> not-installed',
    'packages/protocol/src/d.ts',
    `import 'not-installed';`,
  ],
  [
    'no-undeclared: packages/blind/src/a.ts -> @recourse/protocol',
    'packages/blind/src/a.ts',
    `import '@recourse/protocol';`,
  ],
  [
    'no-undeclared: packages/protocol/src/e.ts -> node_modules/undeclared/dist/index.js',
    'packages/protocol/src/e.ts',
    `import 'undeclared';`,
  ],
  [
    'no-dev-dependency-in-production: packages/protocol/src/f.ts -> node_modules/for-tests/dist/index.js',
    'packages/protocol/src/f.ts',
    `import 'for-tests';`,
  ],
  [
    'no-tests-from-production: packages/ledger/src/e.ts -> packages/ledger/src/c.test.ts',
    'packages/ledger/src/e.ts',
    `import './c.test.ts';`,
  ],
  [
    'no-vitest-in-pictures: apps/server/tests/desk/records.ts -> node_modules/vitest/dist/index.js',
    'apps/server/tests/desk/records.ts',
    `import 'vitest';`,
  ],
  [
    `trpc-in-routers: ${registry}/parties/store.ts -> node_modules/@trpc/server/dist/index.js`,
    `${registry}/parties/store.ts`,
    `import '@trpc/server';`,
  ],
  [
    `no-sql-in-routers: ${registry}/api.ts -> node_modules/kysely/dist/index.js`,
    `${registry}/api.ts`,
    `import 'kysely';`,
  ],
  [
    `rules-are-pure: ${registry}/submissions/conduct.rules.ts -> ${registry}/submissions/recording.ts -> ${registry}/records/store.ts`,
    `${registry}/submissions/conduct.rules.ts`,
    `import './recording.ts';`,
  ],
  [
    `rules-are-pure: ${registry}/submissions/refile.rules.ts -> fs`,
    `${registry}/submissions/refile.rules.ts`,
    `import 'node:fs';`,
  ],
  [
    `rules-are-pure: ${registry}/submissions/time.rules.ts -> Date.now`,
    `${registry}/submissions/time.rules.ts`,
    `export const now = () => Date.now();`,
  ],
  [
    `sql-in-stores: ${registry}/cases/guesses.ts`,
    `${registry}/cases/guesses.ts`,
    `export const all = (db: any) => db.selectFrom('guesses');`,
  ],
  [
    `sql-in-stores: ${registry}/records/next-instant.ts`,
    `${registry}/records/next-instant.ts`,
    'export const all = (sql: any) => sql<{ n: number }>`select 1 as n`;',
  ],
  [
    'sql-in-stores: apps/server/src/http/count.ts',
    'apps/server/src/http/count.ts',
    `export const all = (sql: any) => sql.unsafe('select 1');`,
  ],
  [
    'floors: parties/log-act.ts -> panel/opening.ts: parties may not import panel',
    `${registry}/parties/log-act.ts`,
    `import '../panel/opening.ts';`,
  ],
  [
    'floors: parties/fresh-id.ts -> panel/opening.ts: parties may not import panel',
    `${registry}/parties/fresh-id.ts`,
    `import type * as matters from '../panel/opening.ts'; export type Matters = typeof matters;`,
  ],
  [
    'floors: migrations/keyed.ts -> kernel/errors.ts: migrations may not import kernel',
    `${registry}/migrations/keyed.ts`,
    `import '../kernel/errors.ts';`,
  ],
  [
    'floors: schema/quoted.ts -> kernel/errors.ts: schema may not import kernel',
    `${registry}/schema/quoted.ts`,
    `import '../kernel/errors.ts';`,
  ],
  [
    'floors: ledger/log-signer.ts -> http/pace.ts: ledger may not import http',
    'apps/server/src/ledger/log-signer.ts',
    `import '../http/pace.ts';`,
  ],
  [
    'floors: parts/words.ts -> app/desks.ts: parts may not import app',
    'apps/console/src/parts/words.ts',
    `import '../app/desks.ts';`,
  ],
];

let allowed: string[];
let refused: string[];

beforeAll(async () => {
  write('package.json', '{"name":"fixture"}');
  write('tsconfig.json', '{"files":["root.ts"]}');
  write('root.ts', '');
  for (const folder of Object.keys(DIRECTIONS)) workspace(folder);
  for (const name of ['kysely', '@trpc/server', 'postgres', 'for-tests', 'undeclared', 'vitest']) {
    installed(name);
  }
  for (const [file, text] of Object.entries(ALLOWED)) write(file, text);
  allowed = await problems();
  for (const [, file, text] of REFUSED) write(file, text);
  refused = await problems();
  for (const [, file] of REFUSED) rmSync(join(root, file));
  for (const [file, text] of Object.entries(ALLOWED)) write(file, text);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('what the rules allow passes', () => expect(allowed).toEqual([]));

test.each(REFUSED)('refused: %s', (line) => expect(refused).toContain(line));

test('nothing else is refused', () =>
  expect(refused.toSorted()).toEqual(REFUSED.map(([line]) => line).toSorted()));

test('the rooms in these tests are rooms of the registry', () => {
  const rooms = [...Object.keys(ALLOWED), ...REFUSED.map(([, file]) => file)].filter((file) =>
    file.startsWith(`${registry}/`),
  );
  expect(rooms.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
});

test('a rule whose files are gone fails: it would guard nothing', async () => {
  expect(await without(`${registry}/kernel/postgres-pool.ts`)).toEqual([
    'matches no file: rules-are-pure: (^|/)node_modules/postgres/',
  ]);
});

test('a direction of a workspace that is gone fails', async () => {
  expect(await without('packages/witness')).toContain(
    'matches no file: directions: packages/witness',
  );
});

test('a place on a floor whose files are gone fails', async () => {
  expect(await without(`${registry}/migrate.ts`)).toEqual(['matches no file: floors: migrate.ts']);
});

test('a file without a floor fails', async () => {
  expect(await whileIn(`${registry}/new-room/a.ts`, '')).toEqual([
    `no floor for ${registry}/new-room/a.ts`,
  ]);
});

test('a workspace without directions fails', async () => {
  write('packages/new/package.json', '{"name":"@recourse/new"}');
  expect(await whileIn('packages/new/src/index.ts', '')).toEqual([
    'no directions for packages/new',
  ]);
  rmSync(join(root, 'packages/new'), { recursive: true });
});

test('a workspace of which nothing was seen fails', async () => {
  expect(await without('packages/witness/src')).toContain(
    'no modules were seen in packages/witness',
  );
});

test('a repository of which nothing was seen fails', async () => {
  for (const folder of ['packages', 'apps']) {
    rmSync(join(root, folder), { recursive: true });
    mkdirSync(join(root, folder));
  }
  expect(await problems()).toContain('no modules were seen at all');
});

const problems = async (): Promise<string[]> => (await checkEdges(root)).problems;

/** Lists what is refused while a file has this text. */
async function whileIn(file: string, text: string): Promise<string[]> {
  write(file, text);
  const found = await problems();
  rmSync(join(root, file));
  const before = ALLOWED[file];
  if (before !== undefined) write(file, before);
  return found;
}

/** Lists what is refused while a file or folder is somewhere else. */
async function without(path: string): Promise<string[]> {
  renameSync(join(root, path), join(root, 'elsewhere'));
  const found = await problems();
  renameSync(join(root, 'elsewhere'), join(root, path));
  return found;
}

/** A workspace that declares every other one, so that its directions alone refuse; `blind` declares none. */
function workspace(folder: string): void {
  const name = nameOf(folder);
  const ours = folder === 'packages/blind' ? [] : Object.keys(DIRECTIONS).map(nameOf);
  const manifest = {
    name,
    type: 'module',
    exports: { '.': { '@recourse/source': './src/index.ts' } },
    dependencies: versions(['kysely', '@trpc/server', 'postgres']),
    devDependencies: versions([...ours, 'for-tests', 'vitest']),
  };
  write(`${folder}/package.json`, JSON.stringify(manifest));
  write(
    `${folder}/src/${folder === 'apps/console' ? 'main.tsx' : 'index.ts'}`,
    'export const b = 1;',
  );
  mkdirSync(join(root, 'node_modules/@recourse'), { recursive: true });
  symlinkSync(join(root, folder), join(root, 'node_modules', name));
}

const nameOf = (folder: string): string => folder.replace(/^(packages|apps)/, '@recourse');

const versions = (names: string[]) => Object.fromEntries(names.map((name) => [name, '0.1.0']));

function installed(name: string): void {
  const manifest = { name, exports: './dist/index.js', type: 'module' };
  write(`node_modules/${name}/package.json`, JSON.stringify(manifest));
  write(`node_modules/${name}/dist/index.js`, 'export const a = 1;');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
