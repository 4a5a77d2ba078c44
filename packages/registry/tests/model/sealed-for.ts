import { claimSchema, peekArtefact, thumbprint } from '@recourse/protocol';
import { random32 } from '@recourse/testkit';

export function sealingKidOf(claim: string): string {
  const { payload } = peekArtefact(claim, { typ: 'recourse-claim+jwt', schema: claimSchema });
  return thumbprint(payload.key);
}

export const sealedFor = (kids: readonly string[]) => ({
  protected: Buffer.from('{"enc":"A256GCM"}').toString('base64url'),
  iv: 'A'.repeat(16),
  ciphertext: 'A'.repeat(64),
  tag: 'A'.repeat(22),
  recipients: (kids.length > 0 ? kids : [random32()]).map((kid) => ({
    header: {
      alg: 'ECDH-ES+A256KW' as const,
      kid,
      epk: { kty: 'EC' as const, crv: 'P-256' as const, x: random32(), y: random32() },
    },
    encrypted_key: 'A'.repeat(54),
  })),
});
