import {
  generateKey,
  openArtefact,
  parseCompact,
  registryKeySchema,
  signCompact,
} from '@recourse/protocol';
import { expect, test } from 'vitest';
import { nodeSigner, nodeVerifier } from './node-crypto.ts';

test.each(['Ed25519', 'ES256'] as const)(
  'what node:crypto signs with %s, WebCrypto verifies, and it refuses a changed one',
  async (alg) => {
    const signer = nodeSigner(await generateKey(alg));
    const payload = { aud: 'https://a.test', use: 'receipt', jwk: signer.publicJwk, iat: 1 };
    const compact = await signCompact(signer, 'recourse-registry-key+jwt', payload);
    const opened = await openArtefact(compact, {
      typ: 'recourse-registry-key+jwt',
      schema: registryKeySchema,
      jwk: signer.publicJwk,
    });
    expect(opened.payload.use).toBe('receipt');
    const jws = parseCompact(compact);
    expect(await nodeVerifier(jws, signer.publicJwk)).toBe(true);
    const changed = {
      ...jws,
      signingInput: jws.signingInput.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
    };
    expect(await nodeVerifier(changed, signer.publicJwk)).toBe(false);
  },
);
