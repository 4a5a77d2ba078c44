import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import { freePort } from '../src/postgres/free-port.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);
const dockerfile = readFileSync(join(root, 'docker/Dockerfile'), 'utf8');
const compose = readFileSync(join(root, 'docker/compose.yaml'), 'utf8');

/** Workspaces that the server is made of */
const ownPackages = ['ledger', 'protocol', 'texts', 'blind', 'witness', 'registry', 'serving'];
/** Has no build: the server reads a style sheet of it */
const asItIs = 'design';
let image: string;
let database: FreshDatabase;

/** What the Dockerfile does, without Docker and without a network: build, keep production dependencies, drop sources. */
beforeAll(async () => {
  database = await freshDatabase();
  image = mkdtempSync(join(realpathSync(tmpdir()), 'recourse-image-'));
  const skipped = /(^|\/)(node_modules|dist|\.git|\.turbo|\.recourse|reports)(\/|$)/;
  for (const name of ['package.json', 'tsconfig.build.json', 'packages', 'apps']) {
    cpSync(join(root, name), join(image, name), {
      recursive: true,
      filter: (path) => !skipped.test(relative(root, path)),
    });
  }
  symlinkWorkspaces(
    readPaths(
      (await run('npm', ['ls', '--all', '--parseable', '--omit=optional'], { cwd: root })).stdout,
    ),
  );
  await run(join(root, 'node_modules/.bin/tsc'), ['-b', 'apps/server'], { cwd: image });
  rmSync(join(image, 'node_modules'), { recursive: true });
  const args = [
    'ls',
    '--all',
    '--parseable',
    '--omit=dev',
    '--omit=optional',
    '--omit=peer',
    '--workspace',
    'apps/server',
  ];
  symlinkWorkspaces(readPaths((await run('npm', args, { cwd: root })).stdout));
  for (const one of ownPackages) rmSync(join(image, 'packages', one, 'src'), { recursive: true });
  rmSync(join(image, 'apps/server/src'), { recursive: true });
  // Everything is built anew, on cores that other tests share.
}, 300_000);
afterAll(async () => {
  rmSync(image, { recursive: true, force: true });
  await database.drop();
});

const readPaths = (text: string): string[] =>
  text.split('\n').filter((path) => path.includes('/node_modules/'));

/** Links each package at the top of node_modules, and the workspaces to their copies. */
function symlinkWorkspaces(paths: string[]): void {
  const names = paths.flatMap(
    (path) => /^[^/]*(?:\/[^/]+)*?\/node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1] ?? [],
  );
  for (const name of new Set(names)) {
    if (!name.startsWith('@recourse/')) link(name, join(root, 'node_modules', name));
  }
  for (const one of [...ownPackages, asItIs])
    link(`@recourse/${one}`, join(image, 'packages', one));
}

function link(name: string, target: string): void {
  const path = join(image, 'node_modules', name);
  if (!existsSync(target) || existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

test('the built server runs without sources, development dependencies and conditions', async ({
  onTestFinished,
}) => {
  const port = await freePort();
  const child = spawn(process.execPath, ['apps/server/dist/main.js'], {
    cwd: image,
    env: {
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      RECOURSE_PORT: String(port),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  await expect.poll(() => output, { timeout: 30_000 }).toContain('Recourse is ready at');
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(answer.status).toBe(200);
  child.kill('SIGTERM');
  expect((await exit)[0]).toBe(0);
});

describe('docker', () => {
  test('the image starts what was tested here, where the health check and compose look for it', () => {
    expect(dockerfile).toContain('CMD ["node", "apps/server/dist/main.js"]');
    expect(dockerfile).toContain('npm run build');
    const [, port = ''] = /RECOURSE_PORT: '(\d+)'/.exec(compose) ?? [];
    expect(dockerfile).toContain(`EXPOSE ${port}`);
    expect(dockerfile).toContain(`http://127.0.0.1:${port}/healthz`);
    expect(compose).toContain(`127.0.0.1:${port}:${port}`);
  });

  test('compose sets only variables that the server reads', () => {
    const sources = ['config.ts', 'deadlines.ts'].map((name) =>
      readFileSync(join(root, 'apps/server/src', name), 'utf8'),
    );
    const server = compose.slice(compose.indexOf('  server:'));
    const names = [...server.matchAll(/^ {6}([A-Z_]+):/gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(3);
    for (const name of names)
      expect([name, sources.join('').includes(`'${name}'`)]).toEqual([name, true]);
  });
});
