import {
  addSignatures,
  encodeAddCheckpoint,
  encodeCheckpoint,
  encodeVerifierKey,
  merkleRoot,
  parseNote,
  parseSignatures,
  parseVerifierKey,
  signNote,
  verifyCheckpoint,
  leafHash,
  type NoteSigner,
} from '@recourse/ledger';
import {
  fromBase64url,
  generateKey,
  signerFromJwk,
  utf8,
  type LoggedWitnessPolicy,
} from '@recourse/protocol';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { failureOf } from './ledger-fixture.ts';
import { finished, Sandbox, spawnCli } from './sandbox.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const dir = mkdtempSync(join(tmpdir(), 'recourse-cli-witness-'));
afterAll(() => rmSync(dir, { recursive: true }));
const file = (name: string): string => join(dir, name);

const logSigner = async (): Promise<NoteSigner> => {
  const signer = await signerFromJwk(await generateKey());
  if (signer.publicJwk.kty !== 'OKP') throw new Error('not Ed25519');
  const publicKey = fromBase64url(signer.publicJwk.x);
  return {
    key: { name: 'registry.test/ledger', type: 'ed25519', publicKey },
    sign: (message) => signer.sign(message),
  };
};

const noteOf = (log: NoteSigner, leaf: string): Promise<string> => {
  const root = merkleRoot([leafHash(utf8(leaf))]);
  return signNote(encodeCheckpoint({ origin: log.key.name, size: 1, root, extensions: [] }), [log]);
};

async function keygen(name: string): Promise<string> {
  const run = await finished(
    spawnCli(['witness', 'keygen', '--name', 'witness.test/w1', '--out', file(name)]),
  );
  expect([run.code, run.stderr]).toEqual([0, '']);
  return run.stdout.trim();
}

class Running {
  readonly child: ChildProcess;
  readonly #lines: Interface;

  constructor(args: readonly string[]) {
    this.child = spawnCli(['witness', 'run', '--port', '0', '--json', ...args]);
    onTestFinished(() => void this.child.kill('SIGKILL'));
    this.#lines = createInterface(this.child.stdout!);
  }

  async next(): Promise<Record<string, unknown>> {
    const [line] = (await once(this.#lines, 'line')) as [string];
    return JSON.parse(line) as Record<string, unknown>;
  }

  async stopped(): Promise<number | null> {
    const closed = once(this.child, 'close');
    this.child.kill('SIGTERM');
    const [code] = (await closed) as [number | null];
    return code;
  }
}

it('makes a key, begins, cosigns, remembers, and stops', async () => {
  const log = await logSigner();
  const key = await keygen('w1.jwk');
  expect(parseVerifierKey(key)).toMatchObject({ name: 'witness.test/w1', type: 'cosignature' });
  expect(statSync(file('w1.jwk')).mode & 0o777).toBe(0o600);

  const args = ['--key', file('w1.jwk'), '--log', encodeVerifierKey(log.key), '--state', file('s')];
  const first = new Running([...args, '--begin']);
  const listening = await first.next();
  expect(listening).toMatchObject({
    event: 'listening',
    key,
    logs: [{ origin: 'registry.test/ledger', size: 0 }],
  });
  const post = async (url: unknown, note: string, oldSize = 0) =>
    fetch(`${String(url)}/add-checkpoint`, {
      method: 'POST',
      body: encodeAddCheckpoint({ oldSize, proof: [], note }),
    });
  const note = await noteOf(log, 'a');
  const [answer, told] = await Promise.all([post(listening['url'], note), first.next()]);
  const cosigned = addSignatures(note, parseSignatures(await answer.text()));
  const policy = { log: log.key, witnesses: [parseVerifierKey(key)], threshold: 1 };
  expect((await verifyCheckpoint(cosigned, policy)).checkpoint.size).toBe(1);
  expect(told).toMatchObject({ event: 'answered', status: 200, origin: log.key.name, size: 1 });
  expect(await first.stopped()).toBe(0);

  // Begun once: --begin cannot stay in a unit file.
  const again = await finished(spawnCli(['witness', 'run', ...args, '--begin', '--json']));
  expect([again.code, failureOf(again).code]).toEqual([2, 'state-exists']);

  const second = new Running(args);
  const { url } = await second.next();
  const other = await noteOf(log, 'b');
  const [fork, refused] = await Promise.all([post(url, other, 1), second.next()]);
  expect(fork.status).toBe(409);
  expect(refused).toMatchObject({ status: 409, contradiction: { held: note, offered: other } });
  const twice = await finished(spawnCli(['witness', 'run', ...args, '--json']));
  expect([twice.code, failureOf(twice).code]).toEqual([2, 'state-in-use']);
  expect(await second.stopped()).toBe(0);

  writeFileSync(file('s'), readFileSync(file('s'), 'utf8').replace('\\n1\\n', '\\n0\\n'));
  const damaged = await finished(spawnCli(['witness', 'run', ...args, '--json']));
  expect([damaged.code, failureOf(damaged).code]).toEqual([2, 'state-damaged']);
});

it('never begins by itself, and takes no key but its own kind', async () => {
  const log = encodeVerifierKey((await logSigner()).key);
  const witness = await keygen('w2.jwk');
  const run = async (...args: string[]) =>
    finished(spawnCli(['witness', 'run', '--state', file('none'), '--json', ...args]));
  const missing = await run('--key', file('w2.jwk'), '--log', log);
  expect([missing.code, failureOf(missing).code]).toEqual([2, 'state-missing']);
  expect(existsSync(file('none'))).toBe(false);
  const wrong = await run('--key', file('w2.jwk'), '--log', witness);
  expect([wrong.code, failureOf(wrong).code]).toEqual([2, 'usage']);
  writeFileSync(file('other.jwk'), JSON.stringify(await generateKey()), { mode: 0o600 });
  const unnamed = await run('--key', file('other.jwk'), '--log', log);
  expect([unnamed.code, failureOf(unnamed).code]).toEqual([2, 'key-invalid']);
  const named = await finished(
    spawnCli(['witness', 'keygen', '--name', 'a witness', '--out', file('w3'), '--json']),
  );
  expect([named.code, failureOf(named).code]).toEqual([2, 'usage']);
  expect(existsSync(file('w3'))).toBe(false);
});

it('is registered by an admin of a member, and then cosigns what the registry serves', async () => {
  const sandbox = await Sandbox.start();
  onTestFinished(() => sandbox.stop());
  const documented = await fetch(`${sandbox.server.url}/.well-known/recourse`);
  const { ledger } = (await documented.json()) as { ledger: { key: string } };
  const key = await keygen('w4.jwk');
  const args = ['--key', file('w4.jwk'), '--log', ledger.key, '--state', file('s4'), '--begin'];
  const { url } = await new Running(args).next();
  const register = ['witness', 'register', '--at', String(url), '--key', key];
  const { policy } = await sandbox.json<{ policy: LoggedWitnessPolicy }>(register, 'Harbour:admin');
  expect([policy.threshold, policy.witnesses.map((witness) => witness.key)]).toEqual([
    2,
    expect.arrayContaining([key]),
  ]);
  await vi.waitFor(
    async () => {
      const note = await (await fetch(`${sandbox.server.url}/ledger/checkpoint`)).text();
      expect(parseNote(note).signatures.map(({ name }) => name)).toContain('witness.test/w1');
    },
    { timeout: 60_000, interval: 200 },
  );
});
