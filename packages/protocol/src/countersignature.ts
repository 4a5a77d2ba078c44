import { z } from 'zod';
import { b64u32, numericDate } from './schemas.ts';
import { idSchema } from './typeid.ts';

/** Sitting reviewers who sign for a new one. */
export const countersignaturesNeeded = 2;

const affiliation = z.strictObject({ party: idSchema('plt'), until: numericDate.optional() });
/** Platforms that a reviewer works for, or did: no case of theirs is assigned to them. */
export const affiliationsSchema = z.array(affiliation).max(32);

/** `recourse-countersignature+jwt`: a sitting reviewer agrees to a seat, with the term and affiliations that are published. */
export const countersignatureSchema = z.strictObject({
  iss: z.literal('panel'),
  aud: z.string(),
  /** H of the invite's code */
  invite: b64u32,
  affiliations: affiliationsSchema,
  termUntil: numericDate,
  iat: numericDate,
});
export type Countersignature = z.infer<typeof countersignatureSchema>;
