import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  asAdmin,
  freshDatabase,
  onDatabase,
  schemaChanges,
  schemaParts,
  workerPostgres,
} from '@recourse/testkit';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { definition, isContract, migrate, schemaDigests } from '../src/index.ts';

type Parts = Awaited<ReturnType<typeof schemaParts>>;

const { adminUrl, ownerUrl } = workerPostgres();
const name = `recourse_${randomBytes(8).toString('hex')}`;
const url = onDatabase(ownerUrl, name);

/** What a new database has, once these ran */
async function partsAfter(statements: readonly string[]): Promise<Parts> {
  await asAdmin(adminUrl, [`create database ${name} owner recourse_owner`]);
  await migrate({ url }, [{ name: '0001-all', statements }]);
  return schemaParts(url);
}
afterEach(() => asAdmin(adminUrl, [`drop database if exists ${name} with (force)`]));

let made: Parts;
beforeAll(async () => {
  const database = await freshDatabase();
  made = await schemaParts(database.ownerUrl);
  await database.drop();
});

test('the steps lead to the schema that is defined: if not, npm run migration -- <name> writes the next one', async () => {
  expect(schemaChanges(made, await partsAfter(definition))).toEqual([]);
  expect(made.length).toBeGreaterThan(2_000);
});

test('what npm run migration writes makes the whole schema, part by part', async () => {
  const statements = ['set local check_function_bodies = off', ...schemaChanges([], made)];
  expect(schemaChanges(await partsAfter(statements), made)).toEqual([]);
});

test('a part that goes is dropped, the last first; one that changes is dropped before it is made', () => {
  const part = (name: string, make: string): Parts[number] => ({
    name,
    make,
    drop: name.startsWith('function') ? '' : `drop ${name}`,
  });
  const before = [part('table a', '1'), part('function f()', '2'), part('index i', '3')];
  expect(schemaChanges(before, [])).toEqual(['drop index i', 'drop function f()', 'drop table a']);
  expect(
    schemaChanges(before, [part('table a', '1'), part('function f()', '4'), part('index i', '5')]),
  ).toEqual(['drop index i', '4', '5']);
});

interface Release {
  readonly version: string;
  /** Of the repository, since a tag does not travel with every copy */
  readonly commit: string;
  /** Digest of each step that it ran, by name */
  readonly steps: Readonly<Record<string, string>>;
}

const readReleases = (): Release[] =>
  JSON.parse(readFileSync(new URL('../../../releases.json', import.meta.url), 'utf8')) as Release[];

test('no step of a release has changed since: a change is a step of its own', () => {
  const releases = readReleases();
  expect(releases.map(({ version }) => version)).toContain('0.1.0');
  for (const { commit, steps } of releases) {
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(schemaDigests()).toMatchObject(steps);
  }
});

test('a release has one step at most, since the servers of the release before start on a schema one step newer; and a contract behind it', () => {
  const known = new Set<string>();
  for (const { steps } of [...readReleases(), { steps: schemaDigests() }]) {
    const added = Object.keys(steps).filter((step) => !known.has(step));
    expect(added.filter((step) => !isContract(step)).length).toBeLessThanOrEqual(1);
    expect(added.slice(1).filter((step) => !isContract(step))).toEqual([]);
    expect(added.length).toBeLessThanOrEqual(2);
    for (const step of added) known.add(step);
  }
});
