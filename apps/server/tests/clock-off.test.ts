import { randomBytes } from 'node:crypto';
import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logInto } from './log-into.ts';
import { codeOf, newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;
let owner: Db;
const lines: string[] = [];

beforeAll(async () => {
  home = await newHome();
  server = await home.start({}, { log: logInto(lines) });
  owner = connect({ url: home.database.ownerUrl, connections: 1 });
});
afterAll(async () => {
  await owner.destroy();
  await home.close();
});

/** Of the form of a code, and nobody's */
const aSecret = (): string => randomBytes(16).toString('hex').match(/.{4}/g)!.join('-');
const act = (op: string, input: object): Promise<HttpAnswer> =>
  server.post(
    `/trpc/${op}`,
    JSON.stringify({ jti: randomBytes(18).toString('base64url'), ...input }),
    {
      headers: { 'Content-Type': 'application/json' },
    },
  );
const statusAndCode = (answer: HttpAnswer): [number, string] => [answer.status, codeOf(answer)];

/** The clock of PostgreSQL, as its new sessions see it: for a server its own is off then. */
async function turnDatabaseClock(seconds: number): Promise<void> {
  const name = sql.id(new URL(home.database.url).pathname.slice(1));
  const off = sql.lit(`${seconds} seconds`);
  await sql`create schema if not exists turned`.execute(owner);
  await sql`grant usage on schema turned to public`.execute(owner);
  await sql`create or replace function turned.clock_timestamp() returns timestamptz language sql
    as $$ select pg_catalog.clock_timestamp() + interval ${off} $$`.execute(owner);
  await sql`alter database ${name} set search_path = turned, pg_catalog, public`.execute(owner);
  const service = connect({ url: home.database.url, connections: 1 });
  const { rows } = await sql<{ at: Date }>`select pg_catalog.clock_timestamp() as at`.execute(
    owner,
  );
  // Until they are gone: one that is slow to end, or was about to begin, would tell the clock of before.
  const older = sql<{ pid: number }>`select pid, pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
      and backend_start < ${rows[0]?.at}`;
  await expect
    .poll(async () => (await older.execute(service)).rows, { timeout: 20_000 })
    .toEqual([]);
  await service.destroy();
}

const late = (): object => {
  const iat = Math.floor(Date.now() / 1000) - 200;
  return { iat, exp: iat + 60 };
};

test('a server whose clock is off refuses no call for good: 503 to signed calls and to changes by creators', async () => {
  const key = server.party('Harbour', 'service');
  await expect.poll(() => lines.at(-1), { timeout: 20_000 }).toBe('READY. Before: starting.');
  expect(statusAndCode(await server.call(key, 'sanctions.list', {}, late()))).toEqual([
    401,
    'clock-skew',
  ]);
  await turnDatabaseClock(200);
  try {
    // Nobody has looked since: what would be refused for its time is asked about.
    expect(statusAndCode(await server.call(key, 'sanctions.list', {}, late()))).toEqual([
      503,
      'overloaded',
    ]);
    const inTime = await server.call(key, 'sanctions.list', {});
    expect([...statusAndCode(inTime), inTime.headers['retry-after']]).toEqual([
      503,
      'overloaded',
      '5',
    ]);
    const code = aSecret();
    const claim = { code, newKey: aSecret(), signingKey: null };
    expect(statusAndCode(await act('case.claim', claim))).toEqual([503, 'overloaded']);
    expect(statusAndCode(await act('parties.enrol', {}))).toEqual([503, 'overloaded']);
    // A case is read all the same.
    expect((await act('case.open', { code })).status).toBe(404);
    expect(lines.filter((line) => line.startsWith('CLOCK:'))).toHaveLength(1);
    await expect
      .poll(() => lines.filter((line) => line.startsWith('NOT READY: clock-off. Before: ready.')), {
        timeout: 20_000,
      })
      .toHaveLength(1);
  } finally {
    await turnDatabaseClock(0);
  }
  const status = async (): Promise<number> => (await server.call(key, 'sanctions.list', {})).status;
  await expect.poll(status, { timeout: 20_000 }).toBe(200);
  // Of the clock a line comes now and then, too.
  await expect.poll(() => lines, { timeout: 20_000 }).toContain('READY. Before: clock-off.');
});
