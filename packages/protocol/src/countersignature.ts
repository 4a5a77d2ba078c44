import { z } from 'zod';
import { b64u32, numericDate } from './schemas.ts';
import { reasonCodes } from './taxonomy/index.ts';
import { idSchema } from './typeid.ts';

/** Sitting reviewers who sign for a new one. */
export const countersignaturesNeeded = 2;

const affiliation = z.strictObject({ party: idSchema('plt'), until: numericDate.optional() });
/** Platforms that a reviewer works for, or did: no case of theirs is assigned to them. */
const affiliationsSchema = z.array(affiliation).max(32);

/** Codes that a reviewer may opt out of; more would be picking cases. */
const mostOptOuts = 9;

/** The terms of a seat. All of them are published with it, and no call changes them. */
export const seatTerms = {
  /** H of the invite's code */
  invite: b64u32,
  affiliations: affiliationsSchema,
  /** That the reviewer reads: appeals in one of these come first */
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}$/))
    .min(1)
    .max(8),
  /** No case of these is assigned to them */
  optOut: z.array(z.enum(reasonCodes)).max(mostOptOuts),
  termUntil: numericDate,
};

export const seatTermsSchema = z.strictObject(seatTerms);
export type SeatTerms = z.infer<typeof seatTermsSchema>;

/** `recourse-countersignature+jwt`: a sitting reviewer agrees to a seat, with the terms that are published. */
export const countersignatureSchema = z.strictObject({
  iss: z.literal('panel'),
  aud: z.string(),
  ...seatTerms,
  iat: numericDate,
});
export type Countersignature = z.infer<typeof countersignatureSchema>;
