import { generateKey, parseCompact, signCompact, signerFromJwk } from '@recourse/protocol';
import { nodeVerifier } from '@recourse/registry';

const rounds = 2_000;

/** What one verification and one signature cost on this machine, in microseconds of CPU. */
export async function signatureCost(): Promise<{ verify: number; sign: number }> {
  const signer = await signerFromJwk(await generateKey());
  const compact = await signCompact(signer, 'recourse-call+jwt', { filler: 'x'.repeat(400) });
  const jws = parseCompact(compact);
  const verify = await cpuOf(() => nodeVerifier(jws, signer.publicJwk));
  const sign = await cpuOf(() => signer.sign(jws.signingInput));
  return { verify, sign };
}

async function cpuOf(work: () => unknown): Promise<number> {
  for (let i = 0; i < rounds / 4; i++) await work();
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}
