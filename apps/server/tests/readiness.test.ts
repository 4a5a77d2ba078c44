import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DatabaseProbe } from '../src/http/database-probe.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;
let owner: Db;
let service: Db;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  owner = connect({ url: home.database.ownerUrl, connections: 1 });
  service = connect({ url: home.database.url, connections: 1 });
  // Opened while writes are allowed.
  await sql`select 1`.execute(service);
});
afterAll(async () => {
  await service.destroy();
  await owner.destroy();
  await home.close();
});

const codes = async (): Promise<string[]> => {
  const { body } = await server.get('/readyz');
  return (body as { reasons: { code: string }[] }).reasons.map(({ code }) => code);
};
const untilReady = () => expect.poll(codes, { timeout: 20_000 }).toEqual([]);

const cutOthers = sql`
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`;

/** What new connections of servers get. */
const letWrite = async (isAllowed: boolean): Promise<void> => {
  const name = sql.id(new URL(home.database.url).pathname.slice(1));
  const set = isAllowed
    ? sql`reset default_transaction_read_only`
    : sql`set default_transaction_read_only = on`;
  await sql`alter database ${name} ${set}`.execute(owner);
};

test('a server on read-only connections is not ready, and drops them: once writes are allowed, no call fails', async () => {
  const key = server.party('Harbour', 'service');
  const status = async (): Promise<number> => (await server.call(key, 'sanctions.list', {})).status;
  expect(await status()).toBe(200);
  await letWrite(false);
  try {
    await cutOthers.execute(service);
    await expect.poll(codes, { timeout: 20_000 }).toEqual(['database-read-only']);
    const { status: readyz, headers } = await server.get('/readyz');
    expect([readyz, headers['retry-after']]).toEqual([503, '2']);
    // Enough at once to open several connections.
    const refused = await Promise.all(Array.from({ length: 8 }, status));
    expect(new Set(refused)).toEqual(new Set([503]));
  } finally {
    await letWrite(true);
  }
  await untilReady();
  const answered = await Promise.all(Array.from({ length: 10 }, status));
  expect(answered).toEqual(answered.map(() => 200));
});

test('a server whose writes wait is not ready within three seconds, and ready again when they go on', async () => {
  await untilReady();
  let free!: () => void;
  const freed = new Promise<void>((resolve) => (free = resolve));
  const blocking = owner.transaction().execute(async (trx) => {
    await sql`lock table ledger_state in exclusive mode`.execute(trx);
    await expect.poll(codes, { timeout: 20_000 }).toEqual(['database-silent']);
    await freed;
  });
  free();
  await blocking;
  await untilReady();
});

test('a clock two seconds off that of the database is told, in either direction', async () => {
  for (const [off, least, most] of [
    [0, 0, 1_000],
    [9_000, 2_001, 9_500],
    [-9_000, 2_001, 9_500],
  ] as const) {
    const wallClock = () => Date.now() + off;
    const state = await new DatabaseProbe({ db: service, wallClock, withinMs: 20_000 }).ask();
    const clockOffMs = state.outcome === 'written' ? state.clockOffMs : Number.NaN;
    expect([off, clockOffMs >= least, clockOffMs <= most]).toEqual([off, true, true]);
  }
});

test('the probe spills to the disk of the tables', async () => {
  const spilled = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(service);
    const { rows } = await sql<{ bytes: number }>`
      select temp_bytes as bytes from pg_stat_database where datname = current_database()`.execute(
      service,
    );
    return rows[0]!.bytes;
  };
  const before = await spilled();
  const probe = new DatabaseProbe({ db: service, wallClock: Date.now, withinMs: 20_000 });
  expect((await probe.ask()).outcome).toBe('written');
  await expect.poll(spilled, { timeout: 20_000 }).toBeGreaterThanOrEqual(before + 1024 * 1024);
});
