import { encodeVerifierKey } from '@recourse/ledger';
import { fromBase64url, generateKey } from '@recourse/protocol';

/** Verifier key of a witness that nobody runs. */
export async function newWitnessKey(name = 'w.example'): Promise<string> {
  const jwk = await generateKey();
  return encodeVerifierKey({ name, type: 'cosignature', publicKey: fromBase64url(jwk.x) });
}
