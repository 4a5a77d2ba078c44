import type { NoteSigner } from '@recourse/ledger';
import { logVerifierKey, type Signer } from '@recourse/protocol';
import { ServerError } from '../errors.ts';

/**
 * The log key as it signs checkpoints.
 * @throws ServerError `key_invalid` for a key that is not Ed25519, which no reader of signed notes knows
 */
export function logNoteSigner(signer: Signer, origin: string): NoteSigner {
  const { publicJwk } = signer;
  if (publicJwk.kty !== 'OKP') {
    throw new ServerError(
      'key_invalid',
      'log.jwk.json holds no Ed25519 key: checkpoints are signed with Ed25519 alone.',
    );
  }
  const key = logVerifierKey(origin, publicJwk);
  return { key, sign: (message) => signer.sign(message) };
}
