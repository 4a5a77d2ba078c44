import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  codeOf,
  mutations,
  nodeSigner,
  nodeVerifier,
  privateKey,
  signRaw,
} from '../tests/fixtures.ts';
import { openArtefact, peekArtefact } from './artefact.ts';
import { artefactTypes, webVerifier, signCompact, type ArtefactType } from './jws.ts';
import type { Alg } from './jwk.ts';

const schema = z.strictObject({ sub: z.string() });
const signer = nodeSigner(privateKey(1));
const jwk = signer.publicJwk;
const open = (compact: string, typ: ArtefactType = 'recourse-claim+jwt') =>
  openArtefact(compact, { typ, schema, jwk, verify: nodeVerifier });

const pairs = artefactTypes.flatMap((offered) =>
  artefactTypes.map((wanted) => ({ offered, wanted })),
);

describe('every artefact type offered in place of every other, by the right key with the right payload', () => {
  test.each(pairs)('$offered as $wanted', async ({ offered, wanted }) => {
    const compact = await signCompact(signer, offered, { sub: 'x' });
    const expected = offered === wanted ? 'nothing thrown' : 'typ-mismatch';
    expect(await codeOf(() => open(compact, wanted))).toBe(expected);
    expect(await codeOf(() => peekArtefact(compact, { typ: wanted, schema }))).toBe(expected);
  });

  test.each(['JWT', 'secevent+jwt', 'application/recourse-claim+jwt', 'RECOURSE-CLAIM+JWT', ''])(
    'a foreign typ: %j',
    async (typ) => {
      const header = JSON.stringify({ alg: 'Ed25519', typ, kid: signer.kid });
      const compact = await signRaw(signer, header, '{"sub":"x"}');
      expect(await codeOf(() => open(compact))).toBe('typ-mismatch');
    },
  );
});

test.each<[Alg]>([['Ed25519'], ['ES256']])(
  'any character changed or left out of an artefact signed with %s is refused',
  async (alg) => {
    const by = nodeSigner(privateKey(3, alg));
    const compact = await signCompact(by, 'recourse-claim+jwt', { sub: 'x' });
    const expected = { typ: 'recourse-claim+jwt', schema, jwk: by.publicJwk } as const;
    await openArtefact(compact, { ...expected, verify: nodeVerifier });
    const refusals = [];
    for (const changed of mutations(compact)) {
      refusals.push(
        await codeOf(() => openArtefact(changed, { ...expected, verify: nodeVerifier })),
      );
    }
    expect(refusals.length).toBe(compact.length * 3);
    expect(refusals).not.toContain('nothing thrown');
  },
);

test('by default the signature is checked too', async () => {
  const compact = await signCompact(nodeSigner(privateKey(2)), 'recourse-claim+jwt', { sub: 'x' });
  const [header, payload] = (await signCompact(signer, 'recourse-claim+jwt', { sub: 'x' })).split(
    '.',
  );
  const forged = `${header}.${payload}${compact.slice(compact.lastIndexOf('.'))}`;
  const expected = { typ: 'recourse-claim+jwt', schema, jwk } as const;
  expect(await codeOf(() => openArtefact(forged, expected))).toBe('signature-invalid');
  expect(await codeOf(() => openArtefact(forged, { ...expected, verify: webVerifier }))).toBe(
    'signature-invalid',
  );
});

test.each<[string, string, string]>([
  ['a payload of another shape', '{"sub":1}', 'payload-invalid'],
  ['an unknown member', '{"sub":"x","admin":true}', 'payload-invalid'],
  ['an array', '[]', 'payload-invalid'],
  ['a duplicate member', '{"sub":"x","sub":"y"}', 'json-invalid'],
  ['a duplicate member, escaped', '{"sub":"x","\\u0073ub":"y"}', 'json-invalid'],
  ['__proto__', '{"sub":"x","__proto__":{}}', 'json-invalid'],
  ['17 levels', `{"sub":${'['.repeat(16)}${']'.repeat(16)}}`, 'json-invalid'],
  ['no JSON', 'sub', 'json-invalid'],
])('a well signed artefact is refused for %s', async (_, payload, code) => {
  const header = JSON.stringify({ alg: 'Ed25519', typ: 'recourse-claim+jwt', kid: signer.kid });
  const compact = await signRaw(signer, header, payload);
  expect(await codeOf(() => open(compact))).toBe(code);
});

test('the signature is looked at before the payload is read', async () => {
  const header = JSON.stringify({ alg: 'Ed25519', typ: 'recourse-claim+jwt', kid: signer.kid });
  const bad = await signRaw({ ...signer, sign: () => new Uint8Array(64) }, header, 'no JSON');
  expect(await codeOf(() => open(bad))).toBe('signature-invalid');
});

test('peeking verifies nothing, and says so by name', async () => {
  const unsigned = { ...signer, sign: () => new Uint8Array(64) };
  const compact = await signCompact(unsigned, 'recourse-claim+jwt', { sub: 'x' });
  expect(peekArtefact(compact, { typ: 'recourse-claim+jwt', schema }).payload).toEqual({
    sub: 'x',
  });
});
