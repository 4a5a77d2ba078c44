import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bareEnvironment, workerPort } from '@recourse/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, TestServer } from './run-server.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

let dataDir: string;
let started: StartedProcess[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'recourse-npm-start-'));
});
afterEach(async () => {
  for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
  started = [];
  for (let i = 0; i < 100 && processesOf(dataDir).length > 0; i++) await sleep(50);
  rmSync(dataDir, { recursive: true, force: true });
});

interface StartedProcess {
  child: ChildProcessByStdio<null, Readable, Readable>;
  port: number;
  output(): string;
  exit: Promise<number | null>;
}

/** `npm start`, as a user types it, with a data directory of its own. */
async function npmStart(env: Record<string, string> = {}): Promise<StartedProcess> {
  const port = Number(env['RECOURSE_PORT'] ?? (await workerPort()));
  const child = spawn('npm', ['start', '--silent'], {
    cwd: root,
    env: {
      ...bareEnvironment(),
      HOME: process.env['HOME'] ?? '',
      RECOURSE_DATA_DIR: dataDir,
      RECOURSE_PORT: String(port),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const running = { child, port, output: () => output, exit };
  started.push(running);
  return running;
}

async function said(running: StartedProcess, words: string): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (running.output().includes(words)) return;
    if (running.child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`"${words}" was not said:\n${running.output()}`);
}

/** Pids whose command line or environment names the data directory: npm, the server and every PostgreSQL process. */
function processesOf(dir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) =>
      ['cmdline', 'environ'].some((file) => readOrEmpty(`/proc/${pid}/${file}`).includes(dir)),
    )
    .map(Number);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const clientOf = ({ port }: StartedProcess): TestServer => {
  const url = `http://127.0.0.1:${port}`;
  return new TestServer(
    { url, origin: `http://localhost:${port}`, stop: () => Promise.resolve() },
    dataDir,
  );
};

describe.runIf(process.platform === 'linux')('npm start', () => {
  test('makes a registry from nothing, stops without a process left, and starts again with its data', async () => {
    const first = await npmStart();
    for (const words of [
      'Creating the database',
      'Bringing the schema',
      'Enrolling',
      'Submitting',
      'Recourse is ready at',
      '/sandbox/clock',
    ]) {
      await said(first, words);
    }
    const client = clientOf(first);
    const key = client.party('Harbour', 'service');
    const { body: before } = await client.call(key, 'sanctions.list', {});
    expect(processesOf(dataDir).length).toBeGreaterThan(2);
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);

    const second = await npmStart({ RECOURSE_PORT: String(first.port) });
    await said(second, 'Recourse is ready at');
    expect(second.output()).not.toContain('Submitting');
    const { body: after } = await client.call(key, 'sanctions.list', {});
    expect(after.result).toEqual(before.result);

    // A third on the same port hears what to do.
    const third = await npmStart({ RECOURSE_PORT: String(first.port) });
    expect(await third.exit).not.toBe(0);
    expect(third.output()).toMatch(/Port \d+ is in use: .*RECOURSE_PORT.*\(port_in_use\)/);
    expect(third.output()).not.toMatch(/ at .*\.ts:/);

    second.child.kill('SIGINT');
    expect(await second.exit).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  });

  test('finishes calls in flight before it stops, and takes no new ones', async () => {
    const running = await npmStart();
    await said(running, 'Recourse is ready at');
    const client = clientOf(running);
    const key = client.party('Tubely', 'service');
    const calls = Array.from({ length: 40 }, () =>
      client.call(key, 'sanctions.list', {}).then(
        ({ status }) => status,
        (error: { code?: string }) => error.code,
      ),
    );
    // By the clock, a busy machine would have sent none of them yet.
    await Promise.race(calls);
    running.child.kill('SIGTERM');
    const answers = await Promise.all(calls);
    expect(
      answers.filter((answer) => ![200, 503, 'ECONNREFUSED', 'ECONNRESET'].includes(answer ?? '')),
    ).toEqual([]);
    // The one that was waited for, and of those in flight.
    expect(answers.filter((answer) => answer === 200).length).toBeGreaterThan(1);
    expect(await running.exit).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  });

  test('comes back without hands when its PostgreSQL is killed, and says 503 meanwhile', async () => {
    const running = await npmStart();
    await said(running, 'Recourse is ready at');
    const client = clientOf(running);
    const key = client.party('Tubely', 'service');
    const [pid] = readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split(
      '\n',
    );
    const seen = new Set<number>();
    const waits: number[] = [];
    const call = async (): Promise<number> => {
      const { status, headers } = await client.call(key, 'sanctions.list', {});
      if (status === 503) waits.push(Number(headers['retry-after']));
      seen.add(status);
      return status;
    };
    // Before, too: on a busy machine it may be back before the first call after.
    const early = Array.from({ length: 40 }, call);
    process.kill(Number(pid), 'SIGQUIT');
    await Promise.all(early);
    for (let i = 0; i < 600 && !seen.has(503); i++) await Promise.all([call(), sleep(20)]);
    for (let i = 0; i < 600 && (await call()) !== 200; i++) await sleep(50);
    expect([...seen].sort((a, b) => a - b)).toEqual([200, 503]);
    expect(waits.every((seconds) => seconds > 0)).toBe(true);
    running.child.kill('SIGTERM');
    expect(await running.exit).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  });

  test('says nothing of identifiers, tokens, codes, keys or bodies', async () => {
    const running = await npmStart();
    await said(running, 'Recourse is ready at');
    const client = clientOf(running);
    const stranger = 'stranger@mail.example';
    const secrets = ['secret-invite-code-000000', stranger, 'secret-path-0000'];
    const key = client.party('Harbour', 'service');
    const signed = await client.sign(key, 'checks.match', {
      check: 'chk_00000000000000000000000000',
      tokens: [{ epoch: 1, token: 'A'.repeat(43) }],
    });
    const json = { headers: { 'Content-Type': 'application/json' } };
    await client.post('/call/checks.match', signed);
    await client.post('/call/checks.match', signed.slice(0, -4));
    await client.post(
      '/trpc/parties.enrol',
      JSON.stringify({ code: secrets[0], enrolment: 'a.b.c' }),
      json,
    );
    await client.post(`/case/${secrets[2]}?token=${'A'.repeat(43)}`, stranger);
    await client.post('/call/sanctions.list', JSON.stringify({ email: stranger }));
    const refused = await client.call(key, 'sanctions.get', { sanction: stranger });
    expect(codeOf(refused)).toBe('invalid-input');
    expect(refused.text).not.toContain(stranger);
    running.child.kill('SIGTERM');
    await running.exit;
    const log = running.output() + readFileSync(join(dataDir, 'postgres/postgres.log'), 'utf8');
    const keys = client.parties.flatMap(({ kid, privateJwk }) => [kid, privateJwk.d]);
    const files = ['vault.key', 'oprf.seed'].map((name) =>
      readFileSync(join(dataDir, 'keys', name), 'utf8').trim(),
    );
    const samples = ['mail.example', 'parcel-redelivery', '+4915'];
    const leaked = [...secrets, ...keys, ...files, ...samples, signed, 'A'.repeat(43)]
      .filter((secret) => log.includes(secret))
      .map((secret) => secret.slice(0, 12));
    expect(leaked).toEqual([]);
  });

  test('on a Node that is too old says what to do', async () => {
    const old = `Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } });`;
    const check = `${old} await import(${JSON.stringify(new URL('../check-node.js', import.meta.url))});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', check]);
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(text).toMatch(/Node 24 or newer, and this is 20\.20\.2.*npm ci/);
  });

  test('a second signal stops at once, and PostgreSQL with it', async () => {
    const running = await npmStart();
    await said(running, 'Starting PostgreSQL');
    running.child.kill('SIGTERM');
    await sleep(100);
    running.child.kill('SIGTERM');
    await running.exit;
    for (let i = 0; i < 1000 && processesOf(dataDir).length > 0; i++) await sleep(50);
    expect(processesOf(dataDir)).toEqual([]);
  });
});
