import { randomBytes } from 'node:crypto';
import { connectAs, type Identity } from '@recourse/cli';
import {
  generateKey,
  newId,
  signCompact,
  signerFromJwk,
  toNumericDate,
  fromBase64url,
  fromUtf8,
  type PrivateJwk,
} from '@recourse/protocol';
import type { Recourse, SanctionInput, SubmissionIntent } from '@recourse/sdk';
import { codeOf } from './code-of.ts';
import { sampleInput } from './sample-input.ts';
import type { Steps } from './steps.ts';

/** Tries each call that must be refused against the running registry, and names the refusal. */
export async function tryWhatIsRefused(harbour: Identity, steps: Steps): Promise<void> {
  const attempts: readonly [string, string, () => Promise<string>][] = [
    ['a call sent a second time', 'replayed-call', () => replay(harbour)],
    ['a key that was stolen, and revoked', 'key-inactive', () => stolenKey(harbour)],
    ['a service key that signs a statement', 'role-not-allowed', () => serviceSigns(harbour)],
    [
      'a record that an authority asked for',
      'authority-origin-not-accepted',
      () => codeOf(() => submitAs(harbour, { origin: 'authority-request' })),
    ],
    ['a reason for speech (speech.defamation)', 'invalid-input', () => speechReason(harbour)],
    ['two operations in one path', 'unknown-op', () => batchPath(harbour)],
  ];
  for (const [what, expected, attempt] of attempts) {
    const code = await attempt();
    steps.check(`refused: ${what}`, code === expected, code);
  }
}

/** Keeps the last signed call, as somebody who listens on the way could. */
function eavesdropped(identity: Identity): { recourse: Recourse; last: () => string } {
  let body = '';
  const recourse = connectAs(identity, {
    fetch: (url, init) => {
      if (typeof init.body === 'string') ({ body } = init as { body: string });
      return fetch(url, init);
    },
  });
  return { recourse, last: () => body };
}

async function replay(identity: Identity): Promise<string> {
  const { recourse, last } = eavesdropped(identity);
  await recourse.checks.owed({});
  return post(identity, 'checks.owed', last());
}

async function batchPath(identity: Identity): Promise<string> {
  const { recourse, last } = eavesdropped(identity);
  await recourse.checks.owed({});
  return post(identity, 'checks.owed,checks.owed', last());
}

async function post({ url }: Identity, path: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/jose' };
  const response = await fetch(`${url}/call/${path}`, { method: 'POST', headers, body });
  const { type = '' } = (await response.json()) as { type?: string };
  return type.split('/').at(-1) || `status ${response.status}`;
}

/** A key that worked a moment ago, in other hands after its holder noticed. */
async function stolenKey(identity: Identity): Promise<string> {
  const admin = connectAs(identity);
  const stolen = await addTrustKey(identity, admin);
  const thief = connectAs({ ...identity, keys: { trust: stolen } });
  await thief.sanctions.list({ limit: 1 });
  const since = toNumericDate(admin.session.transport.now());
  await admin.keys.revoke({ kid: stolen.signer.kid, why: 'compromised', since });
  return codeOf(() => thief.sanctions.list({ limit: 1 }));
}

async function addTrustKey(
  identity: Identity,
  admin: Recourse,
): Promise<{ signer: Awaited<ReturnType<typeof signerFromJwk>>; privateJwk: PrivateJwk }> {
  const privateJwk = await generateKey();
  const signer = await signerFromJwk(privateJwk);
  const now = admin.session.transport.now();
  const jwk = signer.publicJwk;
  const enrolment = await signCompact(signer, 'recourse-enrol+jwt', {
    aud: identity.origin,
    role: 'trust',
    admin: false,
    use: 'sig',
    jwk,
    iat: toNumericDate(now),
    invite: identity.keys.admin?.signer.kid ?? '',
  });
  const holder = newId('hld', { now, random: (size) => randomBytes(size) });
  await admin.addKey({ jwk, holder, role: 'trust', admin: false, enrolment });
  return { signer, privateJwk };
}

const serviceSigns = (identity: Identity): Promise<string> => {
  const { service } = identity.keys;
  if (!service) return Promise.resolve('no service key');
  return codeOf(() => submitAs({ ...identity, keys: { service, trust: service } }, {}));
};

const submitAs = (identity: Identity, changes: Partial<SanctionInput>): Promise<unknown> =>
  connectAs(identity).sanctions.draft(sampleInput(changes));

/**
 * The SDK has no way to say it, so the statement of a real submission is changed by hand and signed again with a real
 * trust key: the registry itself has no such reason.
 */
async function speechReason(identity: Identity): Promise<string> {
  const { trust } = identity.keys;
  if (!trust) return 'no trust key';
  const { input } = await intercepted(identity);
  const [, payload = ''] = input.statement.split('.');
  const claims = JSON.parse(fromUtf8(fromBase64url(payload))) as Record<string, never>;
  const statement = await signCompact(trust.signer, 'recourse-sanction+jwt', {
    ...claims,
    reason: 'speech.defamation',
  });
  const recourse = connectAs(identity);
  return codeOf(() => recourse.call('sanctions.draft', { ...input, statement }));
}

/** Catches the submission that the SDK would send. */
async function intercepted(identity: Identity): Promise<SubmissionIntent> {
  let prepared: SubmissionIntent | undefined;
  const recourse = connectAs(identity, {
    outbox: {
      save: async (intent) => {
        prepared = intent;
        throw new Error('not sent');
      },
      done: async () => undefined,
    },
  });
  await recourse.sanctions.draft(sampleInput({})).catch(() => undefined);
  if (!prepared) throw new Error('nothing was prepared');
  return prepared;
}
