import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { connect, type Db } from '@recourse/registry';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let a: TestServer;
let b: TestServer;
let owner: Db;

beforeAll(async () => {
  home = await newHome();
  a = await home.start();
  b = await home.start();
  owner = connect({ url: home.database.ownerUrl, connections: 1 });
});
afterAll(async () => {
  await owner.destroy();
  await home.close();
});

const count = async (query: ReturnType<typeof sql<{ n: number }>>): Promise<number> => {
  const { rows } = await query.execute(owner);
  return rows[0]?.n ?? Number.NaN;
};

test('200 copies of one signed mutation over two servers have one effect, one audit row and one answer', async () => {
  const admin = a.party('Tubely', 'trust', true);
  const jti = 'copies'.padEnd(24, '0');
  const policies = { policies: ['https://tubely.example/rules', 'https://tubely.example/more'] };
  const compact = await a.sign(admin, 'parties.setPolicies', policies, { jti });
  const before = await count(sql`select count(*)::int as n from ledger_pending`);
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      for (;;) {
        const answer = await (i % 2 ? a : b).post('/call/parties.setPolicies', compact);
        if (answer.status !== 503) return answer;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }),
  );
  const seen = answers.map(({ status, text, headers }) =>
    [status, text, headers['recourse-receipt']].join(),
  );
  expect(new Set(seen).size).toBe(1);
  expect(answers[0]?.status).toBe(200);
  expect(await count(sql`select count(*)::int as n from audited_calls where jti = ${jti}`)).toBe(1);
  expect(await count(sql`select count(*)::int as n from answers where jti = ${jti}`)).toBe(1);
  // Its `calls` entry, and nothing else twice.
  const after = await count(sql`select count(*)::int as n from ledger_pending`);
  expect(after - before).toBeLessThanOrEqual(2);
});

test('a key revoked on one server is refused by the other in the next call', async () => {
  const service = a.party('Harbour', 'service');
  const admin = a.party('Harbour', 'trust', true);
  for (let i = 0; i < 3; i++)
    expect((await b.call(service, 'sanctions.list', {})).status).toBe(200);
  const revoked = await a.call(admin, 'keys.revoke', { kid: service.kid, why: 'retired' });
  expect(revoked.status).toBe(200);
  const read = await b.call(service, 'sanctions.list', {});
  expect([read.status, codeOf(read)]).toEqual([401, 'key-inactive']);
  const mutation = await b.call(service, 'checks.report', {
    outcomes: [{ match: 'mat_00000000000000000000000000', outcome: 'pending' }],
  });
  expect([mutation.status, codeOf(mutation)]).toEqual([401, 'key-inactive']);
});

test('one server stops while the other goes on', async () => {
  const key = a.party('Tubely', 'service');
  await b.stop();
  expect((await a.call(key, 'sanctions.list', {})).status).toBe(200);
});
