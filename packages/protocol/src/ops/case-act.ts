import { z } from 'zod';
import { publicJwkSchema } from '../jwk.ts';
import { compactJws } from '../schemas.ts';

/**
 * A secret that opens a case: 160 bits as eight groups of four, lower-case Crockford base32. A code, the
 * key of a claimant, or the secret of a ticket; the keys of found cases carry `.<n>` behind it.
 */
export const caseSecret = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){7}(\.\d{1,3})?$/);

/** One operation of the creator: unsigned, by a secret in the body, audited and receipted like a call. */
export interface CaseOperation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** The answer of a mutation is kept for a repeated body; that of a read is not. */
  readonly kind: 'read' | 'mutation';
  readonly summary: string;
  readonly input: I;
  readonly output: O;
}

export const defineAct = <I extends z.ZodType, O extends z.ZodType>(
  kind: CaseOperation['kind'],
  operation: Omit<CaseOperation<I, O>, 'kind'>,
): CaseOperation<I, O> => ({ kind, ...operation });

/** Made by the client, once a request: a repeated body gets its first answer. */
export const jti = z.string().regex(/^[A-Za-z0-9_-]{22,64}$/);
/** Acts with the key of a claimant. */
export const by = { jti, key: caseSecret };
/** The key of whoever enters: what they give up later counts at once when this key signed it. It is never replaced. */
export const signingKey = publicJwkSchema.optional();
/** `recourse-claimant-act+jwt`; without it the act waits */
export const act = compactJws.optional();
