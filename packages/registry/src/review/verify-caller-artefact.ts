import {
  callSkew,
  openArtefact,
  peekArtefact,
  ProtocolError,
  toNumericDate,
  type ArtefactType,
} from '@recourse/protocol';
import type { z } from 'zod';
import type { CallContext } from '../context/context.ts';
import { assertTerse, notOpened } from '../parties/opening.ts';
import { invalid } from '../kernel/refusal.ts';

/**
 * Opens what a reviewer signs with the very key that carries the call: its row is shared until the commit, so
 * a key revoked a second ago signs nothing.
 * @throws Problem `invalid-input`
 */
export async function openOwnArtefact<
  S extends z.ZodType<{ aud: string; iat: number; iss: string }>,
>(
  { caller, services, now }: CallContext,
  artefact: { compact: string; member: string; typ: ArtefactType },
  schema: S,
): Promise<z.output<S>> {
  const { compact, member, typ } = artefact;
  try {
    const { jws } = peekArtefact(compact, { typ, schema });
    assertTerse(compact, member);
    if (jws.kid !== caller.kid) throw invalid(member, 'not-own-key');
    const { jwk } = caller;
    const { payload } = await openArtefact(compact, { typ, schema, jwk, verify: services.verify });
    if (payload.aud !== services.origin) throw invalid(`${member}.aud`, 'another-registry');
    if (payload.iat > toNumericDate(now) + callSkew)
      throw invalid(`${member}.iat`, 'in-the-future');
    return payload;
  } catch (error) {
    throw error instanceof ProtocolError ? notOpened(error, member) : error;
  }
}
