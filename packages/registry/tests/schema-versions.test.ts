import { randomBytes } from 'node:crypto';
import { asAdmin, workerPostgres } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, migrate, pendingSteps, readSchema, serviceRole, type Db } from '../src/index.ts';

const first = {
  name: '0001-first',
  statements: [
    'create table things (id int)',
    `grant select on kysely_migration to ${serviceRole}`,
  ],
};
const second = { name: '0002-second', statements: ['alter table things add column name text'] };
const third = { name: '0003-third', statements: ['alter table things add column at date'] };
const failing = { name: '0002-second', statements: ['create table others ()', 'not a statement'] };

const name = `recourse_${randomBytes(8).toString('hex')}`;
let url: string;
let service: Db;

const onIt = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;

beforeAll(async () => {
  await asAdmin(workerPostgres().adminUrl, [`create database ${name} owner recourse_owner`]);
  url = onIt(workerPostgres().ownerUrl);
  service = connect({ url: onIt(workerPostgres().url), role: serviceRole, connections: 1 });
});
afterAll(async () => {
  await service.destroy();
  await asAdmin(workerPostgres().adminUrl, [`drop database ${name} with (force)`]);
});

test('a schema is told from older, newer and edited ones, and each step runs once', async () => {
  expect(await readSchema(service, [first])).toEqual({ is: 'empty' });
  expect(await pendingSteps(service, { known: [first] })).toEqual([first]);
  expect(await migrate({ url }, [first])).toEqual(['0001-first']);
  expect(await migrate({ url }, [first])).toEqual([]);
  expect(await readSchema(service, [first])).toEqual({ is: 'current' });

  // A step that fails leaves nothing.
  await expect(migrate({ url }, [first, failing])).rejects.toMatchObject({ code: '42601' });
  const { rows } = await sql`select to_regclass('others') as made`.execute(service);
  expect(rows).toEqual([{ made: null }]);

  expect(await readSchema(service, [first, second])).toEqual({
    is: 'older',
    missing: [second.name],
  });
  expect(await pendingSteps(service, { known: [first, second] })).toEqual([second]);
  expect(await Promise.all([1, 2].map(() => migrate({ url }, [first, second])))).toContainEqual([
    '0002-second',
  ]);
  expect(await readSchema(service, [first, second])).toEqual({ is: 'current' });

  // What the release before makes of it
  expect(await readSchema(service, [first])).toEqual({ is: 'newer', unknown: [second.name] });
  expect(await migrate({ url }, [first])).toEqual([]);

  expect(await readSchema(service, [first, third])).toEqual({ is: 'foreign' });
  const edited = { ...first, statements: [...first.statements, 'create table more ()'] };
  expect(await readSchema(service, [edited, second])).toEqual({ is: 'foreign' });
  expect(await migrate({ url }, [edited, second])).toEqual([]);
});

test('a contract runs when it is asked for, behind its release, and before the next one', async () => {
  const contract = { name: '0003-third-contract', statements: ['drop table things'] };
  const fourth = { name: '0004-fourth', statements: ['create table others ()'] };
  const release = [first, second, contract];
  expect(await readSchema(service, release)).toEqual({ is: 'expanded', missing: [contract.name] });
  expect(await pendingSteps(service, { known: release })).toEqual([]);
  expect(await migrate({ url }, release)).toEqual([]);
  expect(await migrate({ url }, [...release, fourth])).toEqual([]);
  expect(await migrate({ url, contract: true }, release)).toEqual([contract.name]);
  expect(await readSchema(service, release)).toEqual({ is: 'current' });

  // The step of the release comes first, whatever is asked for.
  const sixth = { name: '0006-sixth-contract', statements: ['drop table others'] };
  const later = [...release, fourth, sixth];
  expect(await migrate({ url, contract: true }, later)).toEqual([fourth.name]);
  expect(await migrate({ url, contract: true }, later)).toEqual([sixth.name]);

  // Servers of the release before look at two steps more.
  expect(await readSchema(service, release)).toEqual({
    is: 'newer',
    unknown: [fourth.name, sixth.name],
  });
});

test('a new database is contracted at once', async () => {
  const other = `${name}_new`;
  await asAdmin(workerPostgres().adminUrl, [`create database ${other} owner recourse_owner`]);
  const contract = { name: '0002-first-contract', statements: ['drop table things'] };
  const url = Object.assign(new URL(workerPostgres().ownerUrl), { pathname: `/${other}` }).href;
  try {
    expect(await migrate({ url }, [first, contract])).toEqual([first.name, contract.name]);
  } finally {
    await asAdmin(workerPostgres().adminUrl, [`drop database ${other} with (force)`]);
  }
});
