import { randomBytes } from 'node:crypto';
import { connect as dial } from 'node:net';
import { newCaseSecret } from '@recourse/protocol';
import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonLog } from '../src/log.ts';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct } from './sample-case.ts';

/** In every value that a caller chooses. */
const mark = 'hostile7f3a';
/** As an error quotes it, so that its second line looks like a frame of a stack. */
const frame = `${mark}\\n    at ${mark} (file:///${mark}.ts:1:1)`;
const address = '203.0.113.77';
const email = `${mark}@mail.example`;

let home: TestHome;
let server: TestServer;
let owner: Db;
const printed: string[] = [];
const secrets = new Set([mark, address, email]);

beforeAll(async () => {
  home = await newHome();
  // Its sample creators are told; afterwards nobody can be.
  await (await home.start()).stop();
  const log = jsonLog({ write: (line: string) => void printed.push(line) });
  server = await home.start(
    {
      RECOURSE_TRUSTED_PROXIES: '127.0.0.1',
      RECOURSE_FAILURE_BURST: '100000',
      // Nobody listens there.
      RECOURSE_SMTP_URL: 'smtp://127.0.0.1:9',
      RECOURSE_MAIL_FROM: 'registry@registry.test',
    },
    { log },
  );
  owner = connect({ url: home.database.ownerUrl, connections: 1 });
});
afterAll(async () => {
  await owner?.destroy();
  await home?.close();
});

const known = (secret: string): string => {
  secrets.add(secret);
  return secret;
};
const headers = { 'X-Forwarded-For': address, 'User-Agent': mark, Cookie: mark, Referer: mark };
const newJti = (): string => `${mark}${randomBytes(12).toString('hex')}`;

/**
 * Calls of every sort, whose values are hostile in all places that a caller fills.
 * @returns how many of them failed here
 */
async function flood(): Promise<number> {
  const service = server.party('Harbour', 'service');
  const code = known(await codeOfSample(server, 'payout'));
  const wrong = known(newCaseSecret(randomBytes));
  const signed = async (op: string, input: object): Promise<HttpAnswer> => {
    const compact = await server.sign(service, op, input, { jti: newJti(), idem: newJti() });
    return server.post(`/call/${op}`, known(compact), { headers });
  };
  const json = { headers: { ...headers, 'Content-Type': 'application/json' } };
  await malformed(`GET /${mark} HTTP/9.9\r\nHost: ${mark}\r\n\r\n`);
  await malformed(`POST /call/${mark} HTTP/1.1\r\nHost: ${mark}\r\n${mark}: \0\r\n\r\n`);
  const answers = await Promise.all([
    signed('sanctions.list', {}),
    signed('sanctions.list', { ref: mark }),
    signed('sanctions.get', { sanction: mark }),
    signed('checks.evaluate', { purpose: mark, epochs: [1], blinded: [mark] }),
    signed('sanctions.submit', { statement: mark, tokens: [{ epoch: 1, token: mark }] }),
    signed('parties.setPolicies', { policies: [`https://${mark}.example/${mark}`] }),
    server.post(`/call/${mark}.${mark}`, mark, { headers }),
    server.post('/call/sanctions.list', `${mark}.${mark}.${mark}`, { headers }),
    server.post('/trpc/parties.enrol', JSON.stringify({ code: mark, enrolment: mark }), json),
    creatorAct(server, 'case.open', { code }),
    creatorAct(server, 'case.open', { code: wrong }),
    creatorAct(server, 'case.claim', { code: mark, newKey: wrong, jti: newJti() }),
    creatorAct(server, 'case.find', { kind: 'email', identifier: email, jti: newJti() }),
    creatorAct(server, 'case.setContact', { key: wrong, email, jti: newJti() }),
    server.get(`/case/${mark}?code=${code}`, headers),
    server.get(`/ledger/proof/${mark}`, headers),
    server.get(`/parties/${mark}/keys`, headers),
    server.get(`/%2e/${mark}\\${mark}`, headers),
    ...['/case', '/case/claim', '/case/find'].map((path) => postForm(path, code)),
  ]);
  return answers.filter(({ status }) => status >= 500).length;
}

const postForm = (path: string, code: string) =>
  server.post(
    path,
    new URLSearchParams({ jti: newJti(), code, key: code, identifier: email, kind: 'email' }) + '',
    { headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' } },
  );

/** What never becomes a request. */
const malformed = (text: string): Promise<void> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(server.url);
    const socket = dial(Number(port), hostname, () => socket.end(text));
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.resume();
  });

/** A trigger whose error quotes the row, as errors of PostgreSQL do. */
async function floodWhileFailing(table: string, state: string): Promise<number> {
  const on = sql.table(table);
  await sql`create or replace function hostile() returns trigger language plpgsql as ${sql.lit(
    `begin raise exception E'${frame}\\n%', new using errcode = '${state}'; end`,
  )}`.execute(owner);
  await sql`create trigger hostile before insert on ${on} for each row execute function hostile()`.execute(
    owner,
  );
  try {
    return await flood();
  } finally {
    await sql`drop trigger hostile on ${on}`.execute(owner);
  }
}

interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly operation?: string;
  readonly status?: number;
  readonly code?: string;
  readonly party?: string;
}
const lines = (): LogLine[] => printed.map((line) => JSON.parse(line) as LogLine);
const failedCodes = (): string[] =>
  [...new Set(lines().flatMap(({ msg, code }) => (msg === 'call' && code ? [code] : [])))].sort();

describe('every kind of failure', () => {
  test('of callers', async () => {
    expect(await flood()).toBe(0);
  });

  test('of PostgreSQL, whose errors quote the rows', async () => {
    for (const [table, state] of [
      ['audit_groups', '23514'],
      ['audit_groups', '53100'],
      ['audit_groups', '57014'],
      ['answers', 'P0001'],
      ['finds', 'XX000'],
    ] as const) {
      expect([table, (await floodWhileFailing(table, state)) > 0]).toEqual([table, true]);
    }
  });

  test('of reads that PostgreSQL refuses', async () => {
    for (const table of ['sanctions', 'case_codes', 'parties']) {
      await sql`revoke select on ${sql.table(table)} from recourse_service`.execute(owner);
      const failed = await flood();
      await sql`grant select on ${sql.table(table)} to recourse_service`.execute(owner);
      expect([table, failed > 0]).toEqual([table, true]);
    }
  });

  test('of connections', async () => {
    const service = connect({ url: home.database.url, connections: 1 });
    const cutting = flood();
    for (let i = 0; i < 5; i++) {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and usename = current_user
          and pid <> pg_backend_pid()`.execute(service);
    }
    expect(await cutting).toBeGreaterThanOrEqual(0);
    await service.destroy();
  });

  test('has a line for each call that failed, with what an operator needs', () => {
    expect(failedCodes()).toEqual(expect.arrayContaining(['audit-unavailable', 'internal']));
    const { party } = server.party('Harbour', 'service');
    const failed = lines().filter(({ msg }) => msg === 'call');
    expect(failed.some((line) => line.party === party)).toBe(true);
    expect(failed.every(({ status = 0 }) => status >= 500)).toBe(true);
    const members = new Set(failed.flatMap((line) => Object.keys(line)));
    expect([...members].sort()).toEqual([
      'call',
      'code',
      'error',
      'level',
      'ms',
      'msg',
      'operation',
      'party',
      'status',
      'time',
    ]);
  });

  test('leaves no value of a caller, secret, address or identifier in the log', () => {
    expect(printed.length).toBeGreaterThan(50);
    const all = printed.join('');
    for (const secret of secrets) expect([secret, all.includes(secret)]).toEqual([secret, false]);
  });
});
