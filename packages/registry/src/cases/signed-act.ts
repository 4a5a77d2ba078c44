import {
  claimantActHours,
  claimantActSchema,
  fromNumericDate,
  hashText,
  jcs,
  assertStrongKey,
  openArtefact,
  ProtocolError,
  publicJwkSchema,
  type ClaimantAct,
  type PublicJwk,
} from '@recourse/protocol';
import { addHours } from '@recourse/protocol/review';
import { nodeVerifier } from '../kernel/node-crypto.ts';
import { invalid } from '../kernel/refusal.ts';
import type { ClaimantRow } from '../review/claimant-store.ts';
import type { CaseContext } from './context.ts';

/** The act that a claimant signed, and what its entry says of it. */
export interface SignedAct {
  readonly act: string | null;
  readonly detail: { readonly signed: boolean; readonly act?: string };
}

/** Kept with a claimant as they enter. */
export function signingKeyOf(key: PublicJwk | undefined): string | null {
  if (key === undefined) return null;
  try {
    assertStrongKey(key);
  } catch (error) {
    throw error instanceof ProtocolError ? invalid('signingKey', error.code) : error;
  }
  return jcs(key);
}

export const readSigningKey = ({ signing_key: key }: ClaimantRow): PublicJwk | undefined =>
  key === null ? undefined : publicJwkSchema.parse(JSON.parse(key));

/**
 * Reads the signature of an act that gives something up: by the key of its claimant, for this case, this act and this
 * call. Whoever has the secret alone can ask for it, and it waits.
 * @throws Problem `invalid-input` for a signature of anything else
 */
export async function readSignedAct(
  ctx: CaseContext,
  claimant: ClaimantRow,
  { compact, act, jti }: { act: ClaimantAct; jti: string; compact: string | undefined },
): Promise<SignedAct> {
  if (compact === undefined) return { act: null, detail: { signed: false } };
  const jwk = readSigningKey(claimant);
  if (!jwk) throw invalid('act', 'no-key');
  const { services, now } = ctx;
  const expected = { typ: 'recourse-claimant-act+jwt', schema: claimantActSchema, jwk } as const;
  const { payload } = await openArtefact(compact, { ...expected, verify: nodeVerifier }).catch(
    (error: unknown) => {
      throw error instanceof ProtocolError ? invalid('act', error.code) : error;
    },
  );
  const isThis =
    payload.aud === services.origin &&
    payload.sub === claimant.sanction &&
    payload.act === act &&
    payload.jti === jti;
  if (!isThis) throw invalid('act', 'another');
  const at = fromNumericDate(payload.iat);
  if (at > addHours(now, 1) || addHours(at, claimantActHours) < now) throw invalid('act', 'time');
  return { act: compact, detail: { signed: true, act: hashText(compact) } };
}
