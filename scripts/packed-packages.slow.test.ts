import { execFileSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'recourse-packed-'));
afterAll(() => rmSync(dir, { recursive: true }));

interface Manifest {
  readonly private?: boolean;
  readonly license: string;
}

const folders = globSync('{packages,apps}/*/package.json', { cwd: root })
  .filter((path) => {
    const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
    return manifest.private !== true;
  })
  .map(dirname)
  .toSorted();

/** Files that npm would publish of each package, as if it had been built. */
function packed(): Map<string, string[]> {
  for (const folder of folders) {
    cpSync(join(root, folder), join(dir, folder), {
      recursive: true,
      filter: (path) => !/[/\\](node_modules|dist)$/.test(path),
    });
    mkdirSync(join(dir, folder, 'dist'));
    for (const name of ['index.js', '.tsbuildinfo']) {
      writeFileSync(join(dir, folder, 'dist', name), '');
    }
  }
  const places = folders.map((folder) => `./${folder}`);
  const args = ['pack', '--dry-run', '--json', '--offline', '--ignore-scripts', ...places];
  const text = execFileSync('npm', args, { cwd: dir, encoding: 'utf8' });
  const all = JSON.parse(text) as { name: string; files: { path: string }[] }[];
  return new Map(all.map(({ name, files }) => [name, files.map(({ path }) => path)]));
}

it('each package that is published carries its licence, and nothing of its build or its tests', () => {
  const found = packed();
  expect(found.size).toBe(folders.length);
  expect(found.size).toBeGreaterThan(5);
  for (const [name, files] of found) {
    expect([name, files]).toEqual([
      name,
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js']),
    ]);
    const strange = files.filter((path) => /tsbuildinfo|\.test\.ts$/.test(path));
    expect([name, strange]).toEqual([name, []]);
  }
});

it.each(folders)('the licence of %s is that of the repository', (folder) => {
  expect(readFileSync(join(root, folder, 'LICENSE'), 'utf8')).toBe(
    readFileSync(join(root, 'LICENSE'), 'utf8'),
  );
});
