import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { asAdmin, onDatabase, workerPostgres } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { connect, isContract, migrate, steps, type SchemaStep } from '../src/index.ts';

// PostgreSQL refuses a prepared `select *` once the columns of its table have changed, and servers prepare all they send.

interface Release {
  readonly version: string;
  readonly steps: Readonly<Record<string, string>>;
  /** Tables of which its servers read all columns: `selectAll`, `returningAll`, `t.*` */
  readonly readsWhole: readonly string[];
}

const releases = JSON.parse(
  readFileSync(new URL('../../../releases.json', import.meta.url), 'utf8'),
) as Release[];

const { adminUrl, ownerUrl } = workerPostgres();
const name = `recourse_${randomBytes(8).toString('hex')}`;
const url = onDatabase(ownerUrl, name);
afterEach(() => asAdmin(adminUrl, [`drop database if exists ${name} with (force)`]));

/** What runs while servers of a release do: the steps behind it, up to the next contract. */
function stepsBeside(release: Release): SchemaStep[] {
  const later = steps.filter((step) => !(step.name in release.steps));
  const contract = later.findIndex((step) => isContract(step.name));
  return later.slice(0, contract === -1 ? undefined : contract);
}

/** Tables that a connection from before some steps can read whole no more. */
async function unreadableAfter(
  release: Release,
  beside: readonly SchemaStep[],
): Promise<readonly string[]> {
  const before = steps.filter((step) => step.name in release.steps);
  await asAdmin(adminUrl, [`create database ${name} owner recourse_owner`]);
  await migrate({ url }, before);
  const server = connect({ url, role: 'recourse_owner', connections: 1 });
  try {
    const broken: string[] = [];
    for (const table of release.readsWhole)
      await sql.raw(`prepare whole_${table} as select * from ${table}`).execute(server);
    await migrate({ url }, [...before, ...beside]);
    for (const table of release.readsWhole)
      await sql
        .raw(`execute whole_${table}`)
        .execute(server)
        .catch(() => broken.push(table));
    return broken;
  } finally {
    await server.destroy();
  }
}

test.each(releases)(
  'servers of $version go on reading whole rows while later steps run: a new column stands in a table of its own',
  async (release) => {
    expect(release.readsWhole.length).toBeGreaterThan(10);
    expect(await unreadableAfter(release, stepsBeside(release))).toEqual([]);
  },
);

test('a column more is seen', async () => {
  const [release] = releases;
  const column = {
    name: '0002-column',
    statements: ['alter table keys add column colour text'],
  };
  expect(await unreadableAfter(release!, [column])).toEqual(['keys']);
});
