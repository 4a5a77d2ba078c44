import { createClient } from '@hey-api/openapi-ts';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

const run = promisify(execFile);
const modules = join(import.meta.dirname, '../../../node_modules');
const dir = mkdtempSync(join(tmpdir(), 'recourse-client-'));
let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(async () => {
  await home.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Reads documents by their types. What the types forbid is marked, and an error where they allow it. */
const program = `
import { caseOpen, documentsPolicies, documentsProblem } from './client/index.js';

const baseUrl = process.argv[2]!;
const policies = await documentsPolicies({ baseUrl, throwOnError: true });
const actions: readonly string[] = policies.data.actions;
const problem = await documentsProblem({ baseUrl, path: { code: 'not-found' }, throwOnError: true });
const next: string = problem.data.next;
const refused = await caseOpen({ baseUrl, body: { jti: 'j'.repeat(24), code: 'none' } });
const status: number | undefined = refused.error?.status;
console.log(JSON.stringify({ actions, next, status }));

export const forbidden = [
  // @ts-expect-error -- a path needs its parameter
  () => documentsProblem({ baseUrl }),
  // @ts-expect-error -- a body has no other members
  () => caseOpen({ body: { jti: '', code: '', other: '' } }),
  // @ts-expect-error -- the document has no such member
  () => policies.data.nothing,
];
`;

const settings = {
  compilerOptions: {
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(modules, '@types')],
    outDir: 'compiled',
  },
  include: ['program.ts', 'client/**/*.ts'],
};

test('a client that is generated from /openapi.json compiles strictly, and reads documents by its types', async () => {
  const write = (name: string, text: string): void => writeFileSync(join(dir, name), text);
  write('openapi.json', (await server.get('/openapi.json')).text);
  write('package.json', JSON.stringify({ type: 'module' }));
  write('tsconfig.json', JSON.stringify(settings));
  write('program.ts', program);
  await createClient({
    input: join(dir, 'openapi.json'),
    output: join(dir, 'client'),
    plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
    logs: { level: 'silent', file: false },
  });

  const compiler = join(modules, '@typescript/native/bin/tsc');
  const compiled = await run(process.execPath, [compiler, '-p', dir]).catch(
    (failed: { stdout: string }) => failed,
  );
  expect(compiled.stdout).toBe('');

  const { stdout } = await run(process.execPath, [join(dir, 'compiled/program.js'), server.url]);
  const { actions } = (await server.get('/policies')).body;
  const { next } = (await server.get('/problems/not-found')).body;
  expect(JSON.parse(stdout)).toEqual({ actions, next, status: 422 });
}, 600_000);
