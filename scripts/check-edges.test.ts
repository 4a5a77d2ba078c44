import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkEdges } from './check-edges.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'recourse-edges-'));
  write('package.json', '{"name":"fixture"}');
  write('tsconfig.json', '{"files":["root.ts"]}');
  write('root.ts', '');
  workspace('packages/ledger', []);
  workspace('packages/protocol', ['@recourse/ledger']);
  workspace('packages/testkit', []);
  workspace('packages/registry', ['@recourse/protocol', '@recourse/testkit', 'kysely']);
  workspace('packages/sdk', ['@recourse/protocol', '@recourse/registry']);
  for (const name of ['kysely', 'undeclared']) {
    write(
      `node_modules/${name}/package.json`,
      `{"name":"${name}","exports":"./dist/index.js","type":"module"}`,
    );
    write(`node_modules/${name}/dist/index.js`, 'export const a = 1;');
  }
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test('allowed imports pass: by name, declared, along the directions, testkit from a test', async () => {
  write('packages/protocol/src/a.ts', `export { b } from '@recourse/ledger';`);
  write(
    'packages/sdk/src/a.ts',
    `import type { b } from '@recourse/registry'; export type B = typeof b;`,
  );
  write('packages/registry/src/a.test.ts', `import '@recourse/testkit';`);
  write('packages/registry/src/cases/store.ts', `export { a } from 'kysely';`);
  write('packages/registry/src/cases/case.ts', `export const pure = 1;`);
  expect(await checkEdges(root)).toEqual([]);
});

const REFUSED: [rule: string, file: string, text: string][] = [
  ['direction-ledger', 'packages/ledger/src/a.ts', `import '@recourse/protocol';`],
  [
    'direction-sdk-registry-by-type',
    'packages/sdk/src/a.ts',
    `import { b } from '@recourse/registry'; b;`,
  ],
  ['testkit-only-from-tests', 'packages/registry/src/a.ts', `import '@recourse/testkit';`],
  ['no-cycles', 'packages/ledger/src/c.ts', `import './index.ts';`],
  ['by-name-only', 'packages/protocol/src/a.ts', `import '../../ledger/src/index.ts';`],
  ['no-unresolvable', 'packages/protocol/src/a.ts', `import '@recourse/ledger/src/index.ts';`],
  ['no-undeclared', 'packages/registry/src/a.ts', `import '@recourse/ledger';`],
  ['no-undeclared', 'packages/registry/src/a.ts', `import 'undeclared';`],
  ['no-unresolvable', 'packages/registry/src/a.ts', `import 'not-installed';`],
  ['no-tests-from-production', 'packages/ledger/src/a.ts', `import './b.test.ts';`],
  ['nouns-are-pure', 'packages/registry/src/cases/case.ts', `import './helper.ts';`],
  [
    'nouns-are-pure',
    'packages/registry/src/sanctions/sanction-life.ts',
    `import '../cases/router.ts';`,
  ],
  [
    'stores-know-no-router',
    'packages/registry/src/parties/store.ts',
    `import '../cases/router.ts';`,
  ],
  ['routers-use-stores', 'packages/registry/src/parties/router.ts', `import 'kysely';`],
];

test.each(REFUSED)('%s is refused: %s: %s', async (rule, file, text) => {
  write('packages/ledger/src/index.ts', `export const b = 1; export * from './c.ts';`);
  write('packages/ledger/src/c.ts', '');
  write('packages/ledger/src/b.test.ts', '');
  write('packages/registry/src/cases/helper.ts', `import './store.ts';`);
  write('packages/registry/src/cases/store.ts', `import 'kysely';`);
  write('packages/registry/src/cases/router.ts', '');
  expect(await checkEdges(root)).toEqual([]);
  write(file, text);
  const refused = await checkEdges(root);
  expect(refused.map((line) => line.split(':')[0])).toContain(rule);
});

test('a workspace of which nothing was seen fails', async () => {
  rmSync(join(root, 'packages/sdk/src'), { recursive: true });
  expect(await checkEdges(root)).toEqual(['no modules were seen in packages/sdk']);
});

test('a repository of which nothing was seen fails', async () => {
  rmSync(join(root, 'packages'), { recursive: true });
  mkdirSync(join(root, 'packages'));
  expect(await checkEdges(root)).toEqual(['no modules were seen at all']);
});

function workspace(folder: string, declares: string[]): void {
  const name = folder.replace('packages/', '@recourse/');
  const dependencies = Object.fromEntries(declares.map((declared) => [declared, '0.1.0']));
  const exports = { '.': { '@recourse/source': './src/index.ts' } };
  write(`${folder}/package.json`, JSON.stringify({ name, type: 'module', exports, dependencies }));
  write(`${folder}/src/index.ts`, 'export const b = 1;');
  mkdirSync(join(root, 'node_modules/@recourse'), { recursive: true });
  symlinkSync(join(root, folder), join(root, 'node_modules', name));
  mkdirSync(join(root, 'apps'), { recursive: true });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
