import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  decodeInvite,
  signCompact,
  signerFromJwk,
  generateKey,
  inviteKey,
} from '@recourse/protocol';
import { newHome, type TestHome } from './run-server.ts';
import { logInto } from './log-into.ts';

let home: TestHome;
const production = { RECOURSE_MODE: 'production', RECOURSE_ORIGIN: 'https://registry.test' };
const init = { args: ['--init'] };

beforeEach(async () => {
  home = await newHome();
});
afterEach(() => home.close());

const path = (name: string): string => join(home.dataDir, name);
const code = (start: Promise<unknown>): Promise<unknown> =>
  start.then(
    () => 'started',
    (error: { code?: string }) => error.code,
  );

describe('secrets', () => {
  test('are not invented: production without them does not start, and writes nothing', async () => {
    expect(await code(home.start(production))).toBe('key_missing');
    expect(existsSync(path('keys'))).toBe(false);
  });

  test('are made by --init, for their owner alone, and only their paths are said', async () => {
    const lines: string[] = [];
    const log = logInto(lines);
    await home.start(production, { ...init, log });
    const said = lines.join('\n');
    for (const name of ['log.jwk.json', 'receipt.jwk.json', 'vault.key', 'oprf.seed']) {
      expect(said).toContain(path(`keys/${name}`));
      expect(statSync(path(`keys/${name}`)).mode & 0o777).toBe(0o600);
      const secret = readFileSync(path(`keys/${name}`), 'utf8').trim();
      const { d } = secret.startsWith('{') ? (JSON.parse(secret) as { d: string }) : { d: secret };
      expect(said).not.toContain(d);
    }
  });

  test('that others may read stop the start', async () => {
    const server = await home.start(production, init);
    await server.stop();
    chmodSync(path('keys/vault.key'), 0o644);
    expect(await code(home.start(production))).toBe('key_invalid');
  });

  test.each(['vault.key', 'oprf.seed'])(
    'a wrong %s stops the start, also with --init',
    async (name) => {
      const server = await home.start(production, init);
      await server.stop();
      renameSync(path(`keys/${name}`), path(`keys/${name}.kept`));
      expect(await code(home.start(production))).toBe('key_missing');
      expect(await code(home.start(production, init))).toBe('key_mismatch');
      renameSync(path(`keys/${name}.kept`), path(`keys/${name}`));
      expect(await code(home.start(production))).toBe('started');
    },
  );

  test('another log key stops the start', async () => {
    const server = await home.start(production, init);
    await server.stop();
    rmSync(path('keys/log.jwk.json'));
    expect(await code(home.start(production, init))).toBe('key_mismatch');
  });

  test('come from a file elsewhere or from a command', async () => {
    const seed = randomBytes(32).toString('base64url');
    writeFileSync(path('seed'), `${seed}\n`, { mode: 0o600 });
    const byFile = { ...production, RECOURSE_OPRF_SEED_FILE: path('seed') };
    const first = await home.start(byFile, init);
    const { body } = await first.get('/.well-known/recourse');
    await first.stop();
    const command = { ...production, RECOURSE_OPRF_COMMAND: `cat ${path('seed')}` };
    const second = await home.start(command);
    expect((await second.get('/.well-known/recourse')).body.epochs).toEqual(body.epochs);
    expect(existsSync(path('keys/oprf.seed'))).toBe(false);
    const failing = { ...production, RECOURSE_OPRF_COMMAND: `cat ${path('none')}` };
    expect(await code(home.start(failing))).toBe('key_missing');
  });

  test('a damaged one is named, and not repeated', async () => {
    mkdirSync(path('keys'));
    writeFileSync(path('keys/vault.key'), 'too-short-secret', { mode: 0o600 });
    const failed = home.start(production, init);
    await expect(failed).rejects.toMatchObject({ code: 'key_invalid' });
    await expect(failed).rejects.not.toThrow('too-short-secret');
  });
});

describe('the first operator', () => {
  test('gets an invite in a file for its owner, whose text is not said, and enrols with it', async () => {
    const lines: string[] = [];
    const log = logInto(lines);
    const server = await home.start(production, { ...init, log });
    const text = readFileSync(path('operator-invite.txt'), 'utf8');
    expect(statSync(path('operator-invite.txt')).mode & 0o777).toBe(0o600);
    const invite = decodeInvite(text);
    expect(lines.join('\n')).toContain(path('operator-invite.txt'));
    expect(lines.join('\n')).not.toContain(invite.code);
    const { body: document } = await server.get('/.well-known/jwks.json');
    expect(invite).toMatchObject({
      origin: 'https://registry.test',
      party: 'operator',
      logKey: document.keys[0].kid,
    });
    const signer = await signerFromJwk(await generateKey());
    const enrolment = await signCompact(signer, 'recourse-enrol+jwt', {
      aud: invite.origin,
      role: 'operator',
      admin: true,
      use: 'sig',
      jwk: signer.publicJwk,
      iat: Math.floor(Date.now() / 1000),
      invite: inviteKey(invite.code),
    });
    const body = JSON.stringify({ code: invite.code, enrolment });
    const json = { headers: { 'Content-Type': 'application/json' } };
    const enrolled = await server.post('/trpc/parties.enrol', body, json);
    expect(enrolled.status).toBe(200);
    expect(enrolled.body.result.data).toMatchObject({ party: 'operator', state: 'active' });
    const again = await server.post('/trpc/parties.enrol', body, json);
    expect([again.status, again.body.type]).toEqual([
      403,
      'https://registry.test/problems/invite-invalid',
    ]);
    expect(again.text).not.toContain(invite.code);
    expect(again.text).not.toMatch(/\.ts:\d+|stack/);
    rmSync(path('operator-invite.txt'));
    await server.stop();
    await home.start(production);
    expect(existsSync(path('operator-invite.txt'))).toBe(false);
  });
});

test('production has no sandbox routes', async () => {
  const server = await home.start(production, init);
  expect((await server.get('/sandbox/clock')).status).toBe(404);
  for (const path of ['/sandbox/fill', '/sandbox/desk', '/sandbox/clock']) {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await server.post(path, '', { headers })).status).toBe(404);
  }
  const { body } = await server.get('/.well-known/recourse');
  expect([body.mode, body.sandbox]).toEqual(['production', false]);
});

test('a sandbox refuses the database of production', async () => {
  const server = await home.start(production, init);
  await server.stop();
  expect(await code(home.start({ RECOURSE_ORIGIN: 'https://registry.test' }))).toBe(
    'production_data',
  );
});

test('a database of another origin is refused, and the right one is named', async () => {
  const server = await home.start(production, init);
  await server.stop();
  const moved = home.start({ ...production, RECOURSE_ORIGIN: 'https://other.test' });
  await expect(moved).rejects.toMatchObject({ code: 'other_origin' });
  await expect(moved).rejects.toThrow('RECOURSE_ORIGIN=https://registry.test');
});

describe('what is in the way of a start is named', () => {
  test('a port in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const failed = home.start({ ...production, RECOURSE_PORT: String(port) }, init);
    await expect(failed).rejects.toMatchObject({ code: 'port_in_use' });
    await expect(failed).rejects.toThrow('RECOURSE_PORT');
    taken.close();
  });

  test('an address of another machine', async () => {
    expect(await code(home.start({ RECOURSE_HOST: '192.0.2.1' }))).toBe('port_unusable');
  });

  test('a data directory that cannot be one', async () => {
    writeFileSync(path('file'), '');
    expect(await code(home.start({ RECOURSE_DATA_DIR: path('file/data') }))).toBe(
      'data_dir_unusable',
    );
  });

  test('a PostgreSQL that is not there, without its password', async () => {
    const url = 'postgres://recourse_service:hunter2@127.0.0.1:1/recourse';
    const failed = home.start({ DATABASE_URL: url, DATABASE_OWNER_URL: url });
    await expect(failed).rejects.toMatchObject({ code: 'database_unreachable' });
    await expect(failed).rejects.not.toThrow('hunter2');
  });
});
