import { z } from 'zod';
import { claimantActs } from './claimants.ts';
import { b64u, numericDate } from './schemas.ts';
import { idSchema } from './typeid.ts';

/**
 * `recourse-claimant-act+jwt`: a claimant gives something up, by the key that their browser or program made as they
 * entered.
 */
export const claimantActSchema = z.strictObject({
  iss: z.literal('case'),
  /** The registry */
  aud: z.string(),
  sub: idSchema('snc'),
  act: z.enum(claimantActs),
  /** That of the operation it is sent with: it counts once */
  jti: b64u,
  iat: numericDate,
});
export type ClaimantActPayload = z.infer<typeof claimantActSchema>;

/** So long after its `iat` an act is taken: a page may lie open for a while. */
export const claimantActHours = 24;
