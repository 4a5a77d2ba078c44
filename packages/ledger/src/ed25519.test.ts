import { verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { publishedSignatures as published } from '../tests/published-signatures.ts';
import { verifyEd25519 } from './ed25519.ts';
import { signatureFault } from './signature-rule.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('of a signature that correct verifiers see differently, the strict one is right', () => {
  test.each(published)('$what: $holds', async ({ key, message, signature, holds }) => {
    expect(await verifyEd25519(bytes(key), bytes(message), bytes(signature))).toBe(holds);
  });

  test.each(published)('the rule on its form: $what: $fault', ({ signature, fault }) => {
    expect(signatureFault('Ed25519', bytes(signature))).toBe(fault);
  });

  test.each(published)('node:crypto says the same: $what', ({ key, message, signature, holds }) => {
    const x = Buffer.from(key, 'hex').toString('base64url');
    const jwk = { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as const;
    expect(verify(null, bytes(message), jwk, bytes(signature))).toBe(holds);
  });
});
