import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { thumbprint, verifyKeyChain } from '@recourse/protocol';
import { connect, nodeVerifier } from '@recourse/registry';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';
import { logInto } from './log-into.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(() => home.close());

const json = { headers: { 'Content-Type': 'application/json' } };

describe('the sample parties', () => {
  test('are three platforms, five reviewers and two operators, whose private keys only the owner reads', async () => {
    const { parties } = server;
    const rolesOf = (name: string) =>
      parties
        .filter((p) => p.name === name)
        .map(({ role, admin }) => `${role}${admin ? '+admin' : ''}`);
    for (const name of ['Harbour', 'Tubely', 'Marketo']) {
      const support = name === 'Harbour' ? ['support'] : [];
      expect(rolesOf(name)).toEqual(['trust+admin', 'trust', 'service', 'trust', ...support]);
    }
    expect(new Set(parties.filter((p) => p.party === 'panel').map((p) => p.holder)).size).toBe(5);
    expect(new Set(parties.filter((p) => p.party === 'operator').map((p) => p.holder)).size).toBe(
      2,
    );
    for (const { kid, privateJwk, ...rest } of parties) {
      const { d, ...jwk } = privateJwk;
      expect([kid, d.length]).toEqual([thumbprint(jwk), 43]);
      expect(Object.keys(rest).sort()).toEqual(['admin', 'holder', 'name', 'party', 'role']);
    }
    const { mode } = statSync(join(home.dataDir, 'sandbox.json'));
    expect(mode & 0o777).toBe(0o600);
  });

  test('have key chains that verify back to their enrolment keys', async () => {
    for (const party of new Set(server.parties.map((p) => p.party))) {
      const { body } = await server.get(`/parties/${party}/keys`);
      const chain = await verifyKeyChain(body, {
        audience: server.origin,
        party,
        verify: nodeVerifier,
      });
      const kids = server.parties.filter((p) => p.party === party).map((p) => p.kid);
      expect([...chain.keys()].sort()).toEqual(kids.sort());
    }
  });
});

test('the sample records show each state, and a clock moved to its end ends a hold', async () => {
  const key = server.party('Marketo', 'service');
  const list = async (claims = {}): Promise<{ state: string; visibleFrom?: string }[]> => {
    const { body } = await server.call(key, 'sanctions.list', {}, claims);
    return body.result.sanctions;
  };
  const before = await list();
  expect(before.map(({ state }) => state).toSorted()).toEqual(['held', 'visible']);
  // Three days, or longer where they would end on a day on which nobody works.
  const end = before.find(({ state }) => state === 'held')?.visibleFrom ?? '';
  const { body: clock } = await server.get('/sandbox/clock');
  const advanceSeconds = Math.ceil((Date.parse(end) - Date.parse(clock.now)) / 1000) + 60;
  expect(advanceSeconds).toBeGreaterThan(2 * 86_400);
  const moved = await server.post('/sandbox/clock', JSON.stringify({ advanceSeconds }), json);
  expect(moved.body.offsetSeconds - clock.offsetSeconds).toBe(advanceSeconds);
  const iat = Math.floor(Date.now() / 1000) + advanceSeconds;
  const after = await list({ iat, exp: iat + 60 });
  expect(after.map(({ state }) => state)).toEqual(['visible', 'visible']);
  const late = await server.call(key, 'sanctions.list', {});
  expect([codeOf(late), late.body.server_time.slice(0, 10)]).toEqual([
    'clock-skew',
    moved.body.now.slice(0, 10),
  ]);
});

test.each([
  '{"advanceSeconds":-1}',
  '{"advanceSeconds":1.5}',
  '{"advanceSeconds":1e12}',
  '{}',
  '[]',
  'x',
  '"1"',
])('the clock does not move by %s', async (body) => {
  const before = await server.get('/sandbox/clock');
  const answer = await server.post('/sandbox/clock', body, json);
  expect([answer.status, codeOf(answer)]).toEqual([422, 'invalid-input']);
  const after = await server.get('/sandbox/clock');
  expect(after.body.offsetSeconds).toBe(before.body.offsetSeconds);
});

test('a form of another site cannot move the clock', async () => {
  const headers = { 'Content-Type': 'text/plain' };
  const answer = await server.post('/sandbox/clock', '{"advanceSeconds":1}', { headers });
  expect(answer.status).toBe(415);
});

test('a second start keeps parties, records and the clock', async () => {
  const lines: string[] = [];
  const parties = JSON.stringify(server.parties);
  const { body: clock } = await server.get('/sandbox/clock');
  const log = logInto(lines);
  const second = await home.start({}, { log });
  expect(JSON.stringify(second.parties)).toBe(parties);
  const { body } = await second.get('/sandbox/clock');
  expect(body.offsetSeconds).toBe(clock.offsetSeconds);
  expect(lines.filter((line) => /Submitting|Enrolling/.test(line))).toEqual([]);
});

test('a setup that was cut off at any step is finished by the next start, and makes nothing twice', async () => {
  const cut = await newHome();
  try {
    for (const at of [2, 7, 12, 20, 27, 34]) await startAndCut(cut, at);
    const done = await cut.start();
    expect(done.parties).toHaveLength(22);
    const db = connect({ url: cut.database.ownerUrl, connections: 1 });
    const rows = async (table: 'sanctions' | 'keys' | 'parties' | 'invites'): Promise<number> =>
      (await db.selectFrom(table).selectAll().execute()).length;
    expect([await rows('parties'), await rows('keys'), await rows('sanctions')]).toEqual([
      5, 22, 7,
    ]);
    await db.destroy();
    expect(readdirSync(cut.dataDir).filter((name) => /\.[0-9a-f]{12}$|\.new$/.test(name))).toEqual(
      [],
    );
  } finally {
    await cut.close();
  }
});

/** Lets `calls` signed calls commit, then fails everything: what a kill at that moment leaves in the database. */
async function startAndCut(home: TestHome, calls: number): Promise<void> {
  const db = connect({ url: home.database.ownerUrl, connections: 1 });
  const { sql } = await import('kysely');
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from audit_groups`.execute(
    db,
  );
  const limit = (rows[0]?.n ?? 0) + calls;
  await sql
    .raw(
      `create function cut() returns trigger language plpgsql as $$ begin
    if (select count(*) from audit_groups) >= ${limit} then raise exception 'cut'; end if; return new; end $$`,
    )
    .execute(db);
  await sql
    .raw('create trigger cut before insert on audit_groups for each row execute function cut()')
    .execute(db);
  await expect(home.start()).rejects.toMatchObject({ code: 'sandbox_failed' });
  await sql.raw('drop trigger cut on audit_groups').execute(db);
  await sql.raw('drop function cut').execute(db);
  await db.destroy();
  expect(existsSync(join(home.dataDir, 'sandbox.json'))).toBe(false);
}

test('production has no clock to move, and refuses a data directory or a database with a sandbox', async () => {
  const production = { RECOURSE_MODE: 'production' };
  const args = ['--init'];
  await expect(home.start(production, { args })).rejects.toMatchObject({ code: 'sandbox_data' });
  const elsewhere = mkdtempSync(join(tmpdir(), 'recourse-production-'));
  const env = { ...production, RECOURSE_DATA_DIR: elsewhere };
  await expect(home.start(env, { args })).rejects.toMatchObject({ code: 'sandbox_data' });
  rmSync(elsewhere, { recursive: true });
});
