import { connect, LedgerGuard, type Db } from '@recourse/registry';
import { asAdmin, freshDatabase, workerPostgres, type FreshDatabase } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Protection } from '../src/ledger/protection.ts';
import { eventually } from './eventually.ts';
import { logInto } from './log-into.ts';

let database: FreshDatabase;
let logged: string[];
beforeEach(async () => {
  logged = [];
  database = await freshDatabase();
});
afterEach(async () => {
  await asAdmin(workerPostgres().adminUrl, [
    'alter system reset synchronous_standby_names',
    'select pg_reload_conf()',
  ]);
  await asAdmin(workerPostgres().adminUrl, [`alter database ${name()} reset synchronous_commit`]);
  await database.drop();
});

const name = (): string => new URL(database.url).pathname.slice(1);

/** Nothing is committed here: a commit would wait for a standby. */
async function standbys(names: string, commits: string): Promise<void> {
  await asAdmin(workerPostgres().adminUrl, [
    `alter database ${name()} set synchronous_commit = ${commits}`,
    `alter system set synchronous_standby_names = '${names}'`,
    'select pg_reload_conf()',
  ]);
  const db = connect({ url: database.url, role: 'recourse_service', connections: 1 });
  const shown = await eventually(
    () => settingOf(db),
    (setting) => setting === names,
  );
  expect(shown).toBe(names);
  await db.destroy();
}

async function settingOf(db: Db): Promise<string> {
  const { rows } = await sql<{ names: string }>`
    select current_setting('synchronous_standby_names') as names`.execute(db);
  return rows[0]?.names ?? '';
}

/** As the service role sees it, on a new connection. */
async function isProtected(hasQuorum = false): Promise<[boolean, boolean]> {
  const db = connect({ url: database.url, role: 'recourse_service', connections: 1 });
  const ledger = new LedgerGuard();
  const protection = new Protection({
    config: { mode: 'production' },
    services: { db, ledger },
    hasQuorum: () => hasQuorum,
    log: logInto(logged),
  });
  const answer = await protection.look();
  await db.destroy();
  return [answer, ledger.keepsPromises];
}

test.each<[names: string, commits: string, lacks: string[]]>([
  ['', 'on', ['synchronous_standby_names of PostgreSQL is empty']],
  ['standby1', 'off', ['synchronous_commit of PostgreSQL is off']],
  ['standby1', 'local', ['synchronous_commit of PostgreSQL is local']],
  ['standby1', 'on', []],
  ['ANY 1 (a, b)', 'remote_apply', []],
])(
  'with synchronous_standby_names "%s" and synchronous_commit %s production names what is missing: %s',
  async (names, commits, lacks) => {
    await standbys(names, commits);
    const expected = lacks.length === 0;
    expect(await isProtected()).toEqual([expected, expected]);
    const lines = logged.filter((line) => line.startsWith('UNPROTECTED'));
    expect(lines).toEqual(lacks.map((text) => expect.stringContaining(text)));
  },
);

test('a quorum of witnesses is enough', async () => {
  expect(await isProtected(true)).toEqual([true, true]);
});
