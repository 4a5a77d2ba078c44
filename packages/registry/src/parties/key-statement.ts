import {
  keyFits,
  keyStatementSchema,
  openArtefact,
  peekArtefact,
  ProtocolError,
  assertStrongKey,
  thumbprint,
  type KeyStatement,
  type PublicJwk,
} from '@recourse/protocol';
import { nodeVerifier } from '../kernel/node-crypto.ts';
import { invalid } from '../kernel/refusal.ts';

const typed = { typ: 'recourse-key+jwt', schema: keyStatementSchema } as const;

/**
 * The key that a `recourse-key+jwt` says it was signed by. Nothing is verified.
 * @throws Problem `invalid-input` at `statement`
 */
export const signerOf = (statement: string): string =>
  refusing(() => peekArtefact(statement, typed).jws.kid);

/**
 * Opens a `recourse-key+jwt` with the admin key that signed it.
 * @throws Problem `invalid-input` at `statement`
 */
export async function openKeyStatement(
  compact: string,
  expected: { audience: string; party: string; signer: PublicJwk },
): Promise<KeyStatement & { kid: string }> {
  const { audience, party, signer: jwk } = expected;
  const opening = { ...typed, jwk, verify: nodeVerifier };
  const { payload } = await openArtefact(compact, opening).catch(refuse);
  if (payload.aud !== audience) throw invalid('statement', 'audience-mismatch');
  // A statement for one party, carried by another, would move a key between them.
  if (payload.party !== party) throw invalid('statement', 'another-party');
  if (!keyFits(party, payload)) throw invalid('statement', 'role');
  refusing(() => assertStrongKey(payload.jwk));
  return { ...payload, kid: thumbprint(payload.jwk) };
}

function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  throw error instanceof ProtocolError ? invalid('statement', error.code) : error;
}
