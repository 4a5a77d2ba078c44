import { createPublicKey, verify } from 'node:crypto';
import { generateKey, parseCompact, signCompact, signerFromJwk } from '@recourse/protocol';

const rounds = 2_000;

/** What one verification and one signature cost on this machine, in microseconds of CPU. */
export async function signatureCost(): Promise<{ verify: number; sign: number }> {
  const signer = await signerFromJwk(await generateKey());
  const compact = await signCompact(signer, 'recourse-call+jwt', { filler: 'x'.repeat(400) });
  const jws = parseCompact(compact);
  const key = createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' });
  return {
    // Without the way to the pool and back, which the server takes.
    verify: await cpuOf(() => verify(null, jws.signingInput, key, jws.signature)),
    sign: await cpuOf(() => signer.sign(jws.signingInput)),
  };
}

async function cpuOf(work: () => unknown): Promise<number> {
  for (let i = 0; i < rounds / 4; i++) await work();
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}
