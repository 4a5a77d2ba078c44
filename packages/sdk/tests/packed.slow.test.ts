import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const packages = ['protocol', 'ledger', 'blind', 'texts', 'sdk'];

let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'recourse-packed-'));
  await run('npx', ['tsc', '-b', 'packages/sdk'], { cwd: root });
  for (const name of packages) {
    const folder = join(root, 'packages', name);
    await run('npm', ['pack', '--silent', '--pack-destination', project], { cwd: folder });
  }
  const tarballs = (await readdir(project)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(project, 'package.json'), '{"private":true,"type":"module"}');
  const options = [
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--omit=peer',
  ];
  await run('npm', ['install', ...options, ...tarballs.map((name) => `./${name}`)], {
    cwd: project,
  });
  await copyFile(new URL('packed/program.ts.txt', import.meta.url), join(project, 'program.ts'));
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
}, 180_000);
afterAll(() => rm(project, { recursive: true }));

const compilerOptions = {
  target: 'es2024',
  lib: ['es2024', 'dom', 'dom.iterable', 'esnext.iterator'],
  module: 'nodenext',
  types: [],
  strict: true,
  skipLibCheck: false,
};
const files = ['program.ts'];

describe('the SDK as it is published', () => {
  it('type-checks in a project of its own, libraries included', async () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const checked = run(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: project });
    const output = await checked.then(
      () => '',
      (error: { stdout?: string }) => error.stdout,
    );
    expect(output).toBe('');
  }, 60_000);

  it('runs there', async () => {
    const { stdout } = await run(process.execPath, ['program.js'], { cwd: project });
    expect(stdout.trim().split('\n')).toEqual([
      'not-found',
      'none',
      'answer-invalid',
      'answer-invalid',
    ]);
  }, 60_000);

  it('names nothing but the protocol in its declarations', async () => {
    const dist = join(project, 'node_modules/@recourse/sdk/dist');
    const names = (await readdir(dist, { recursive: true })).filter((name) =>
      name.endsWith('.d.ts'),
    );
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const text = await readFile(join(dist, name), 'utf8');
      const imported = [...text.matchAll(/(?:from |import\()['"]([^.'"][^'"]*)['"]/g)];
      for (const [, specifier] of imported)
        expect(specifier).toMatch(/^@recourse\/protocol(\/review)?$/);
    }
  });

  it('installs neither the registry nor a database', async () => {
    const modules = await readdir(join(project, 'node_modules/@recourse'));
    expect(modules.sort()).toEqual(['blind', 'ledger', 'protocol', 'sdk', 'texts']);
  });
});
