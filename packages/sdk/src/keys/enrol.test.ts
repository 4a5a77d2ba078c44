import {
  encodeInvite,
  generateKey,
  keyStatementSchema,
  openArtefact,
  openEnrolment,
  inviteKey,
  signerFromJwk,
  type Invite,
} from '@recourse/protocol';
import { describe, expect, it } from 'vitest';
import { codeOf, connected, first } from '../../tests/connected.ts';
import { holderA, now, origin, platformA } from '../../tests/fake-registry.ts';
import type { Fetch } from '../transport/post.ts';
import { enrol } from './enrol.ts';

const code = 'c'.repeat(43);
const logKey = 'L'.repeat(42) + 'A';
const party = platformA;
const policy = 'P'.repeat(42) + 'A';
const invite: Invite = { origin, code, party, role: 'trust', admin: true, logKey, policy };

/** Answers one enrolment, and keeps what was sent. */
function answering(
  status: number,
  body: unknown,
): { fetch: Fetch; sent: string[]; urls: string[] } {
  const sent: string[] = [];
  const urls: string[] = [];
  const fetch: Fetch = async (url, init) => {
    urls.push(url);
    sent.push(typeof init.body === 'string' ? init.body : '');
    return Response.json(body, { status });
  };
  return { fetch, sent, urls };
}

describe('enrolment', () => {
  it('proves possession of the key to the registry of the invite, with the code in the body only', async () => {
    const signer = await signerFromJwk(await generateKey());
    const data = { party, holder: holderA, kid: signer.kid, state: 'active' };
    const { fetch, sent, urls } = answering(200, { result: { data } });
    const enrolled = await enrol({ invite: encodeInvite(invite), signer, fetch, clock: () => now });
    expect(enrolled).toMatchObject({ ...data, registry: { origin, logKid: logKey, policy } });
    expect(urls).toEqual([`${origin}/trpc/parties.enrol`]);
    const body = JSON.parse(first(sent)) as { code: string; enrolment: string };
    expect(body.code).toBe(code);
    const proof = await openEnrolment(body.enrolment, { audience: origin });
    expect(proof).toMatchObject({ role: 'trust', admin: true, invite: inviteKey(code) });
    expect(proof.jwk).toEqual(signer.publicJwk);
  });

  it('refuses an answer about another key or party', async () => {
    const signer = await signerFromJwk(await generateKey());
    const data = { party, holder: holderA, kid: logKey, state: 'active' };
    const { fetch } = answering(200, { result: { data } });
    const text = encodeInvite(invite);
    expect(await codeOf(() => enrol({ invite: text, signer, fetch }))).toBe('answer-invalid');
  });

  it('says why it was refused, and never the code', async () => {
    const signer = await signerFromJwk(await generateKey());
    const text = encodeInvite(invite);
    for (const [status, body, expected] of [
      [403, { error: { message: 'no', data: { httpStatus: 403 } } }, 'invite-invalid'],
      [409, { type: `${origin}/problems/state-conflict` }, 'state-conflict'],
      [500, {}, 'unavailable'],
    ] as const) {
      const { fetch } = answering(status, body);
      expect(await codeOf(() => enrol({ invite: text, signer, fetch }))).toBe(expected);
    }
    const mistyped = await enrol({ invite: `${text}!`, signer }).catch((e: unknown) => e);
    expect(mistyped).toMatchObject({ code: 'invite-invalid' });
    expect(JSON.stringify(mistyped) + String((mistyped as Error).cause)).not.toContain(text);
  });
});

describe('a key joins a party by the word of its admin', () => {
  it('signs who holds it and in which role, and sends that', async () => {
    const at = await connected();
    const answer = { kid: logKey, activeFrom: '2026-03-01T12:00:00Z' };
    at.registry.handlers.set('keys.add', () => ({ result: answer }));
    const signer = await signerFromJwk(await generateKey('ES256'));
    const key = { jwk: signer.publicJwk, holder: holderA, role: 'trust', admin: false } as const;
    expect(await at.recourse.addKey(key)).toEqual(answer);
    const call = first(at.registry.received);
    expect(call.key.kid).toBe(at.admin.kid);
    const { payload } = await openArtefact((call.payload.in as { statement: string }).statement, {
      typ: 'recourse-key+jwt',
      schema: keyStatementSchema,
      jwk: at.admin.publicJwk,
    });
    expect(payload).toMatchObject({ ...key, aud: origin, party: platformA, use: 'sig' });
  });
});
