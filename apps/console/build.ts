import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const here = import.meta.dirname;
const root = join(here, '..', '..');
const mark = join(here, 'dist', 'sources');

const folders = [
  'apps/console/src',
  ...['design', 'sdk', 'protocol', 'texts', 'blind', 'ledger'].map(
    (name) => `packages/${name}/src`,
  ),
];
const files = [
  'apps/console/build.ts',
  'apps/console/index.html',
  'apps/console/vite.config.ts',
  'package-lock.json',
];

/** Bundles the desk into `dist`, unless what lies there is made of the same sources. */
export async function buildDesk(): Promise<void> {
  const made = fingerprint();
  if (existsSync(mark) && readFileSync(mark, 'utf8') === made) return;
  const { build } = await import('vite');
  const before = process.env['NODE_ENV'];
  // A test run says 'test', by which React would come as its development build.
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ configFile: join(here, 'vite.config.ts') });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
  writeFileSync(mark, made);
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const paths = [...files.map((path) => join(root, path)), ...folders.flatMap(filesIn)];
  for (const path of paths.toSorted()) {
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex');
}

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

if (import.meta.main) await buildDesk();
