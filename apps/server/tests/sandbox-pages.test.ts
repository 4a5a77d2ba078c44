import { generateKeyPairSync } from 'node:crypto';
import {
  decodeInvite,
  inviteKey,
  signCompact,
  signerFromJwk,
  type Invite,
  type PrivateJwk,
} from '@recourse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { samplePeople } from '../src/sandbox/sample-people.ts';
import { codeOf, newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(() => home.close());

const form = {
  'Content-Type': 'application/x-www-form-urlencoded',
  'Sec-Fetch-Site': 'same-origin',
};
const elsewhere = { ...form, 'Sec-Fetch-Site': 'cross-site', Origin: 'https://else.example' };

const click = (person: string, headers: Record<string, string> = form): Promise<HttpAnswer> =>
  server.post('/sandbox/desk', `person=${encodeURIComponent(person)}`, { headers });

async function inviteOf(person: string): Promise<Invite> {
  const { status, headers } = await click(person);
  const address = String(headers.location);
  expect([status, address.slice(0, 22)]).toEqual([303, '/desk/#/enrol?invite=r']);
  return decodeInvite(new URLSearchParams(address.split('?')[1]).get('invite') ?? '');
}

/** Redeems an invite as a desk does, with a key of its own. */
async function enrol({ code, role, admin, origin }: Invite): Promise<HttpAnswer & { kid: string }> {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const { kty, crv, x, d } = jwk as PrivateJwk & { crv: 'Ed25519' };
  const signer = await signerFromJwk({ kty, crv, x, d } as PrivateJwk);
  const enrolment = await signCompact(signer, 'recourse-enrol+jwt', {
    aud: origin,
    role,
    admin,
    use: 'sig',
    jwk: signer.publicJwk,
    iat: Math.floor(Date.now() / 1000),
    invite: inviteKey(code),
  });
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ code, enrolment });
  return { ...(await server.post('/trpc/parties.enrol', body, { headers })), kid: signer.kid };
}

describe('the desk of a sample person', () => {
  test.each(samplePeople.map(({ label }) => label))(
    'of %s opens by an invite that is used once, and its key counts at once',
    async (person) => {
      const invite = await inviteOf(person);
      const enrolled = await enrol(invite);
      expect(enrolled.status).toBe(200);
      const { body } = await server.get(`/parties/${invite.party}/keys`);
      expect(JSON.stringify(body)).toContain(enrolled.kid);
      expect(codeOf(await enrol(invite))).toBe('invite-invalid');
    },
  );

  test('each platform has two analysts, and an administrator whose key is one', async () => {
    const { parties } = server;
    for (const platform of ['harbour', 'tubely', 'marketo']) {
      const of = samplePeople.filter(({ label }) => label.startsWith(`${platform}/`));
      const trust = await Promise.all(
        of.filter(({ role }) => !role.startsWith('Support')).map(({ label }) => inviteOf(label)),
      );
      expect(trust.map(({ role, admin }) => [role, admin])).toEqual([
        ['trust', false],
        ['trust', false],
        ['trust', true],
      ]);
      const named = parties.filter(({ name }) => name.toLowerCase() === platform);
      const holders = named.filter(({ role }) => role === 'trust').map(({ holder }) => holder);
      expect(new Set(holders).size).toBe(3);
    }
  });

  test('opens by no link, by no form of another site, and for nobody else', async () => {
    expect((await server.get('/sandbox/desk', { Accept: 'text/html' })).status).toBe(405);
    const { status, headers } = await click('harbour/trust', elsewhere);
    expect([status, headers.location]).toEqual([303, '/sandbox']);
    for (const person of ['operator/2/admin', 'harbour/service', 'x', '']) {
      expect((await click(person)).status).toBe(404);
    }
  });

  test('leaves other enrolments to their admins', async () => {
    const code = 'c'.repeat(43);
    const admin = server.party('Harbour', 'trust', true);
    const input = { invite: inviteKey(code), role: 'trust', admin: false };
    await server.call(admin, 'people.invite', input, { idem: 'someone' });
    const { origin } = server;
    const invited = { code, role: 'trust', admin: false, origin, party: admin.party } as Invite;
    const { kid, status } = await enrol(invited);
    expect(status).toBe(200);
    await enrol(await inviteOf('harbour/trust'));
    const { body } = await server.get(`/parties/${admin.party}/keys`);
    expect(JSON.stringify(body)).not.toContain(kid);
  });
});

describe('the page of the sandbox', () => {
  test('has people, cases, a clock and a story, and opens a case by one click', async () => {
    const { text, headers } = await server.get('/sandbox', { Accept: 'text/html' });
    expect(headers['content-security-policy']).toContain("form-action 'self'");
    expect(text).not.toContain('<script');
    for (const words of [
      'Hanna Brink',
      'Ines Duarte',
      'The story in ten steps',
      'Three days',
      '--desk',
    ]) {
      expect(text).toContain(words);
    }
    const [, code = ''] = /name="code" value="([^"]+)"/.exec(text) ?? [];
    const opened = await server.post('/case', `code=${code}`, { headers: form });
    expect([opened.status, opened.text.includes('Your case')]).toEqual([200, true]);
  });

  test('moves the clock by its form, never back, and not for another site', async () => {
    const offset = async () => (await server.get('/sandbox/clock')).body.offsetSeconds as number;
    const before = await offset();
    const leap = (seconds: string, headers: Record<string, string> = form) =>
      server.post('/sandbox/clock', `advanceSeconds=${seconds}`, { headers });
    expect((await leap('3600', elsewhere)).headers.location).toBe('/sandbox');
    expect((await leap('-1')).status).toBe(422);
    expect(await offset()).toBe(before);
    const moved = await leap('3600');
    expect([moved.status, moved.headers.location]).toEqual([303, '/sandbox']);
    expect(await offset()).toBe(before + 3600);
  });
});
