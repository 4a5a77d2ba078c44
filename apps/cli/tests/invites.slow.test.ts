import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeVerifierKey, parseVerifierKey, type NoteSigner } from '@recourse/ledger';
import { decodeInvite } from '@recourse/protocol';
import { readConfig, startServer, type RunningServer } from '@recourse/server';
import { freshDatabase, type FreshDatabase, workerPort } from '@recourse/testkit';
import {
  createWitnessState,
  fileWitnessStore,
  serveWitness,
  Witness,
  type ServedWitness,
} from '@recourse/witness';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runHere, type Run } from './in-process.ts';
import { newSigner } from './static-log.ts';

vi.setConfig({ testTimeout: 180_000 });

/** What a name server of this machine answers to everybody, by name. */
const txt = new Map<string, string>();
let dns: Socket;
let nameServer: string;
let dir: string;
let database: FreshDatabase;
let server: RunningServer;
let witness: ServedWitness;

/** Production signs what a witness of the operator cosigns. It learns the log key from the first start. */
async function startWitness(
  signer: NoteSigner,
  { port, origin }: { port: number; origin: string },
): Promise<ServedWitness> {
  const document = (await (await fetch(`${origin}/.well-known/recourse`)).json()) as {
    ledger: { key: string };
  };
  const state = join(dir, 'witness.state');
  createWitnessState(state);
  const store = fileWitnessStore(state);
  const logs = [parseVerifierKey(document.ledger.key)];
  const made = new Witness({ signer, logs, store, clock: () => new Date() });
  return serveWitness({ witness: made, host: '127.0.0.1', port });
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'recourse-invites-'));
  dns = createSocket('udp4');
  dns.on('message', (query, { port, address }) => dns.send(answerTo(query), port, address));
  dns.bind(0, '127.0.0.1');
  await once(dns, 'listening');
  nameServer = `127.0.0.1:${dns.address().port}`;
  database = await freshDatabase();
  const port = await workerPort();
  const witnessPort = await workerPort();
  const signer = await newSigner('operator.example/witness', 'cosignature');
  const config = readConfig(
    {
      RECOURSE_MODE: 'production',
      RECOURSE_PORT: String(port),
      RECOURSE_ORIGIN: `http://localhost:${port}`,
      RECOURSE_DATA_DIR: join(dir, 'registry'),
      RECOURSE_DNS_SERVER: nameServer,
      RECOURSE_WITNESS_URL: `http://127.0.0.1:${witnessPort}`,
      RECOURSE_WITNESS_KEY: encodeVerifierKey(signer.key),
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
    },
    ['--init'],
  );
  server = await startServer(config);
  witness = await startWitness(signer, { port: witnessPort, origin: `http://localhost:${port}` });
});
afterAll(async () => {
  await server.stop();
  await witness.stop();
  await database.drop();
  dns.close();
  rmSync(dir, { recursive: true, force: true });
});

/** RFC 1035: the query with one TXT record, or without an answer. */
function answerTo(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.subarray(at + 1, at + 1 + size).toString());
    at += 1 + size;
  }
  const text = txt.get(labels.join('.').toLowerCase());
  const head = Buffer.from(query.subarray(0, at + 5));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(text === undefined ? 0 : 1, 6);
  head.writeUInt32BE(0, 8);
  if (text === undefined) return head;
  const bytes = Buffer.from(text);
  const record = [0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 1, 0, bytes.length + 1, bytes.length];
  return Buffer.concat([head, Buffer.from(record), bytes]);
}

const as = (profile: string, ...args: string[]): Promise<Run> =>
  runHere([...args, '--json'], { XDG_CONFIG_HOME: join(dir, 'xdg'), RECOURSE_PROFILE: profile });
const outcome = ({ code, stdout }: Run) => [code, JSON.parse(stdout) as unknown] as const;
const inviteIn = (file: string): string => readFileSync(file, 'utf8').trim();
const enrolled = async (profile: string, file: string) => {
  const { stdout } = await as(profile, 'enrol', inviteIn(file));
  return JSON.parse(stdout) as { kid: string; state: string; party: string };
};

describe('a registry lets people in by commands alone', () => {
  it('a second operator, whose key an admin adds', async () => {
    await enrolled('first', join(dir, 'registry', 'operator-invite.txt'));
    const out = join(dir, 'second.invite');
    const invite = ['operator', 'invite', '--admin', '--out', out];
    const [code, made] = outcome(await as('first', ...invite));
    expect([code, made]).toMatchObject([0, { role: 'operator', admin: true, file: out }]);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const { kid, state } = await enrolled('second', out);
    expect(state).toBe('awaiting-admin');
    expect((await as('first', 'keys', 'add', kid)).code).toBe(0);
  });

  it('a key that begins with a dash is taken for a key', async () => {
    const run = await as('first', 'keys', 'add', `-${'A'.repeat(42)}`);
    expect(outcome(run)).toMatchObject([2, { error: { code: 'input-invalid' } }]);
  });

  const out = () => join(dir, 'acme.invite');
  const registration = (
    "platforms invite --name Acme's --domain acme.example --jurisdiction DE --group acme --owner Acme=80 " +
    '--policy https://acme.example/rules --complaints help@acme.example --data-protection dpo@acme.example ' +
    '--legal-basis none --language en'
  ).split(' ');
  const invite = () => [...registration, '--not-state-owned', '--out', out()];
  const look = (hash: string) =>
    `platforms check-dns acme.example --invite ${hash} --dns-server ${nameServer}`.split(' ');
  let hash: string;

  it('no platform before its domain publishes the record that it is told', async () => {
    const name = '_recourse.acme.example';
    const unstated = await as('first', ...registration, '--out', out());
    expect(unstated.code).toBe(2);
    const [code, waiting] = outcome(await as('first', ...invite()));
    expect([code, waiting]).toMatchObject([1, { state: 'dns-missing', record: { name } }]);
    const { record, invite: of } = waiting as { record: { value: string }; invite: string };
    hash = of;
    expect(outcome(await as('first', ...look(hash)))).toMatchObject([1, { state: 'not-yet' }]);
    txt.set(name, 'recourse-registration=another');
    expect(outcome(await as('first', ...look(hash)))).toMatchObject([
      1,
      { state: 'other', there: ['recourse-registration=another'] },
    ]);
    txt.set(name, record.value);
    expect(outcome(await as('first', ...look(hash)))).toMatchObject([0, { state: 'found' }]);
  });

  it('a platform, once two operators agreed: the second runs what the first was shown', async () => {
    const again = await runHere(invite(), {
      XDG_CONFIG_HOME: join(dir, 'xdg'),
      RECOURSE_PROFILE: 'first',
    });
    expect(again.code).toBe(0);
    const line = again.stdout.split('\n').find((one) => one.startsWith('recourse platforms')) ?? '';
    expect(line).toContain(String.raw`--name 'Acme'\''s'`);
    expect(outcome(await as('first', ...invite()))).toMatchObject([0, { state: 'proposed' }]);
    const second = [...registration, '--not-state-owned'];
    const agreed = await as('second', ...second, '--invite', hash);
    expect(outcome(agreed)).toMatchObject([0, { state: 'agreed' }]);
    expect(outcome(await as('first', ...invite()))).toMatchObject([0, { state: 'invited' }]);
    expect(decodeInvite(inviteIn(out()))).toMatchObject({ role: 'trust', admin: true });
    expect(await enrolled('acme', out())).toMatchObject({ state: 'active' });
    expect((await as('acme', 'call', 'parties.standing')).code).toBe(0);
    const [code, done] = outcome(await as('first', ...invite()));
    expect([code, done]).toMatchObject([2, { error: { code: 'file-exists' } }]);
  });

  it('reviewers: the first without signatures, the fourth by two who sit', async () => {
    const seat = ['panel', 'invite', '--until', '2028-01-01', '--language', 'en'];
    for (const name of ['one', 'two', 'three']) {
      const file = join(dir, `${name}.invite`);
      const proposed = outcome(await as('first', ...seat, '--out', file))[1] as { invite: string };
      await as('second', ...seat, '--invite', proposed.invite);
      await as('first', ...seat, '--out', file);
      const { kid, state } = await enrolled(name, file);
      // The first is the root of the chain of keys, and adds the others.
      const { code } = await (state === 'active'
        ? as(name, 'keys', 'list')
        : as('one', 'keys', 'add', kid));
      expect(code).toBe(0);
    }
    const file = join(dir, 'four.invite');
    const [code, unsigned] = outcome(await as('first', ...seat, '--out', file));
    expect([code, unsigned]).toMatchObject([1, { state: 'unsigned' }]);
    const asked = (unsigned as { invite: string }).invite;
    const signed: string[] = [];
    for (const name of ['one', 'two']) {
      const sign = ['panel', 'countersign', ...seat.slice(2), '--invite', asked];
      const made = outcome(await as(name, ...sign))[1] as { countersignature: string };
      signed.push('--countersignature', made.countersignature);
    }
    const whole = [...seat, ...signed];
    expect(outcome(await as('first', ...whole, '--out', file))).toMatchObject([0, {}]);
    expect(outcome(await as('second', ...whole, '--invite', asked))).toMatchObject([0, {}]);
    expect(outcome(await as('first', ...whole, '--out', file))).toMatchObject([
      0,
      { state: 'invited', role: 'reviewer', admin: false },
    ]);
  });
});
