import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseVerifierKey } from '@recourse/ledger';
import {
  decodeInvite,
  generateKey,
  inviteKey,
  signCompact,
  signerFromJwk,
} from '@recourse/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually, settled } from './eventually.ts';
import {
  codeOf,
  newHome,
  type SandboxParty,
  type TestHome,
  type TestServer,
} from './run-server.ts';
import { newTestWitness, type TestWitness } from './test-witness.ts';
import { logInto } from './log-into.ts';

vi.setConfig({ testTimeout: 120_000 });

let home: TestHome;
let witness: TestWitness;
const production = { RECOURSE_MODE: 'production', RECOURSE_ORIGIN: 'https://registry.test' };
let withWitness: Record<string, string>;
beforeEach(async () => {
  home = await newHome();
  witness = await newTestWitness('operator.example/witness');
  withWitness = {
    ...production,
    RECOURSE_WITNESS_URL: witness.url,
    RECOURSE_WITNESS_KEY: witness.key,
  };
});
afterEach(async () => {
  await home.close();
  await witness.down();
});

async function start(env: Record<string, string>): Promise<{ server: TestServer; said: string[] }> {
  const lines: string[] = [];
  const log = logInto(lines);
  return { server: await home.start(env, { log, args: ['--init'] }), said: lines };
}

/** The log key is known once the first start has made it. */
async function up(server: TestServer): Promise<void> {
  const { body } = await server.get('/.well-known/recourse');
  witness.trust(parseVerifierKey(body.ledger.key));
  await witness.up();
}

const signedSize = async (server: TestServer): Promise<number> => {
  const { status, text } = await server.get('/ledger/checkpoint');
  return status === 200 ? Number(text.split('\n')[1]) : 0;
};
const signed = (server: TestServer, more: number): Promise<number> =>
  eventually(
    () => signedSize(server),
    (size) => size > more,
  );

/** The first operator, by the invite of the start. */
async function enrolled(server: TestServer): Promise<SandboxParty> {
  const { origin, code } = decodeInvite(
    readFileSync(join(home.dataDir, 'operator-invite.txt'), 'utf8'),
  );
  const privateJwk = await generateKey();
  const signer = await signerFromJwk(privateJwk);
  const iat = Math.floor(Date.now() / 1000);
  const enrolment = await signCompact(signer, 'recourse-enrol+jwt', {
    aud: origin,
    role: 'operator',
    admin: true,
    use: 'sig',
    jwk: signer.publicJwk,
    iat,
    invite: inviteKey(code),
  });
  const headers = { 'Content-Type': 'application/json' };
  const answer = await server.post('/trpc/parties.enrol', JSON.stringify({ code, enrolment }), {
    headers,
  });
  expect(answer.status).toBe(200);
  const key = { name: 'Operator', holder: '', role: 'operator', admin: true };
  return { ...key, party: 'operator', kid: signer.kid, privateJwk };
}

const call = async (server: TestServer, key: SandboxParty): Promise<[number, string]> => {
  const answer = await server.call(key, 'registry.stats', {});
  return [answer.status, answer.status === 200 ? 'answered' : codeOf(answer)];
};

describe('production', () => {
  test('without a synchronous standby or a witness signs nothing, refuses calls, and names the settings', async () => {
    const { server, said } = await start(production);
    const operator = await enrolled(server);
    expect(await call(server, operator)).toEqual([503, 'overloaded']);
    await delay(1_500);
    expect(await signedSize(server)).toBe(0);
    const warnings = said.filter((line) => line.startsWith('UNPROTECTED'));
    expect(warnings).toHaveLength(1);
    const all = said.join('\n');
    for (const name of ['synchronous_standby_names', 'RECOURSE_WITNESS_URL']) {
      expect(all).toContain(name);
    }
  });

  test('signs what a witness of the operator cosigns, and answers', async () => {
    const { server, said } = await start(withWitness);
    await up(server);
    const size = await signed(server, 0);
    expect(size).toBeGreaterThan(0);
    const operator = await enrolled(server);
    expect(await call(server, operator)).toEqual([200, 'answered']);
    expect(await signed(server, size)).toBeGreaterThan(size);
    expect(witness.size).toBeGreaterThanOrEqual(await signedSize(server));
    expect(said.join('\n')).not.toContain('UNPROTECTED');
  });

  test('shows nothing that this witness does not cosign, and goes on when it is back', async () => {
    const { server, said } = await start(withWitness);
    await up(server);
    const operator = await enrolled(server);
    await signed(server, 0);
    await witness.down();
    const size = await settled(() => signedSize(server));
    expect(await call(server, operator)).toEqual([200, 'answered']);
    await eventually(
      async () => said.some((line) => line.startsWith('UNSIGNED')),
      (isTold) => isTold,
    );
    await delay(1_500);
    expect(await signedSize(server)).toBe(size);
    await witness.up();
    expect(await signed(server, size)).toBeGreaterThan(size);
    expect(said.join('\n')).toContain('cosigns again');
  });

  test.each([
    [
      'a larger log',
      (w: TestWitness) => ({ size: w.size + 1_000, root: new Uint8Array(32) }),
      'rolled-back',
    ],
    ['another history', (w: TestWitness) => ({ size: w.size, root: new Uint8Array(32) }), 'forked'],
  ])(
    'stops when this witness has seen %s, and no copy outside is overwritten',
    async (_, seen, fault) => {
      const { server, said } = await start(withWitness);
      await up(server);
      const operator = await enrolled(server);
      await signed(server, 0);
      const before = await settled(() => readFileSync(join(home.dataDir, 'checkpoint'), 'utf8'));
      witness.remember(seen(witness));
      await call(server, operator);
      const line = await eventually(
        async () => said.find((one) => one.startsWith('RECOVERING')),
        (found) => found !== undefined,
      );
      expect(line).toContain(`(${fault})`);
      expect(await call(server, operator)).toEqual([503, 'recovering']);
      expect(readFileSync(join(home.dataDir, 'checkpoint'), 'utf8')).toBe(before);
      await server.stop();
      // Nor does the next start go on.
      const again = await start(withWitness);
      expect(again.said.some((one) => one.startsWith('RECOVERING'))).toBe(true);
    },
  );
});
