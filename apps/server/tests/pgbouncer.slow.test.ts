import { connect, migrate, serviceRole, type Db } from '@recourse/registry';
import { asAdmin, workerPostgres } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPgbouncer, startPgbouncer, type Pgbouncer } from './pgbouncer.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

/** A login that is no more than a member of the service role */
const member = 'pooled_member';

let home: TestHome;
let pooler: Pgbouncer;
let memberUrl: string;
const servers: TestServer[] = [];

beforeAll(async () => {
  if (!hasPgbouncer) return;
  home = await newHome();
  const { url, ownerUrl } = home.database;
  await asAdmin(workerPostgres().adminUrl, [
    `create role ${member} login password 'm' in role ${serviceRole}`,
  ]);
  memberUrl = Object.assign(new URL(url), { username: member, password: 'm' }).href;
  pooler = await startPgbouncer([url, ownerUrl, memberUrl]);
});
afterAll(async () => {
  if (!hasPgbouncer) return;
  for (const server of servers) await server.stop();
  await pooler.stop();
  await home.close();
  await asAdmin(workerPostgres().adminUrl, [`drop role ${member}`]);
});

const settingsOf = async (db: Db): Promise<unknown> =>
  (
    await sql`select current_user as role, current_setting('lock_timeout') as lock,
      current_setting('statement_timeout') as statement, current_setting('jit') as jit,
      ${'a parameter'}::text as text`.execute(db)
  ).rows[0];
const asServer = {
  role: serviceRole,
  lock: '10s',
  statement: '1min',
  jit: 'off',
  text: 'a parameter',
};

describe.runIf(hasPgbouncer)('behind PgBouncer in transaction mode', () => {
  test('every statement acts as the service role with its timeouts, and leaves neither to others', async () => {
    const db = connect({ url: pooler.behind(memberUrl), role: serviceRole, connections: 12 });
    try {
      const alone = Array.from({ length: 60 }, () => settingsOf(db));
      const within = Array.from({ length: 20 }, () =>
        db.transaction().execute((trx) => Promise.all([settingsOf(trx), settingsOf(trx)])),
      );
      expect(await Promise.all(alone)).toEqual(alone.map(() => asServer));
      expect((await Promise.all(within)).flat()).toEqual(
        within.flatMap(() => [asServer, asServer]),
      );
      // A statement that fails is refused as it is elsewhere, and costs no other.
      await expect(sql`select 1 / 0`.execute(db)).rejects.toMatchObject({ code: '22012' });
      expect(await settingsOf(db)).toEqual(asServer);
    } finally {
      await db.destroy();
    }
    const other = connect({ url: pooler.behind(memberUrl), connections: 4 });
    const seen = await Promise.all(Array.from({ length: 12 }, () => settingsOf(other)));
    await other.destroy();
    expect(seen).toEqual(
      seen.map(() => ({ ...asServer, role: member, lock: '0', statement: '0', jit: 'on' })),
    );
  });

  test('a server that was not told of it says what to add', async () => {
    const url = new URL(pooler.behind(home.database.url));
    url.search = '';
    const refused = home.start({ DATABASE_URL: url.href });
    await expect(refused).rejects.toMatchObject({ code: 'database_refused' });
    await expect(refused).rejects.toThrow('pgbouncer=true');
  });

  test('two servers answer, log and sign, and the owner migrates', async () => {
    const urls = {
      DATABASE_URL: pooler.behind(home.database.url),
      DATABASE_OWNER_URL: pooler.behind(home.database.ownerUrl),
    };
    expect(await migrate({ url: urls.DATABASE_OWNER_URL })).toEqual([]);
    const [a, b] = [await home.start(urls), await home.start(urls)];
    servers.push(a, b);
    const key = a.party('Tubely', 'trust', true);
    const input = { policies: ['https://tubely.example/rules'] };
    const compact = await a.sign(key, 'parties.setPolicies', input);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        (i % 2 ? a : b).post('/call/parties.setPolicies', compact),
      ),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const read = await b.call(b.party('Harbour', 'trust'), 'sanctions.list', {});
    expect(read.status).toBe(200);
    const size = Number((await a.get('/ledger/checkpoint')).text.split('\n')[1]);
    expect(size).toBeGreaterThan(0);
  });
});
