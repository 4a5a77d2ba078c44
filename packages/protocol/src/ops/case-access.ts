import { z } from 'zod';
import { timestamp } from '../schemas.ts';
import { idSchema } from '../typeid.ts';
import { by, caseSecret, defineAct, jti, signingKey } from './case-act.ts';

/**
 * A claimant may let in a representative, who counts as that claimant and gives nothing up for them. For a record about
 * a minor they may let in a guardian, who is a claimant of their own.
 */
export const accessKinds = ['representative', 'guardian'] as const;
export type AccessKind = (typeof accessKinds)[number];

/** How many have access, or an invitation to it, at once. */
export const mostRepresentatives = 3;

/** For whoever invites, and whom they let in: without marks that turn or hide text. */
const name = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\p{Bidi_Control}]+$/u);

const place = z.int().min(1).max(999);

/** Access for a lawyer, a parent, somebody who helps: given by a claimant. */
export const accessOps = {
  'case.invite': defineAct('mutation', {
    summary: 'Give somebody access; your client makes the code, which works once, within a week.',
    input: z.strictObject({ ...by, code: caseSecret, as: z.enum(accessKinds), name }),
    output: z.object({ place, expiresAt: timestamp }),
  }),
  'case.accept': defineAct('mutation', {
    summary: 'Accept an invitation by its code; the new key acts on the case from then on.',
    input: z.strictObject({ jti, code: caseSecret, newKey: caseSecret, signingKey }),
    output: z.object({ sanction: idSchema('snc'), as: z.enum(accessKinds), since: timestamp }),
  }),
  'case.endAccess': defineAct('mutation', {
    summary:
      'End an invitation, the access of a representative, or your own as one. A guardian stays.',
    /** `place` as the case lists it; needed of whoever invited */
    input: z.strictObject({ ...by, place: place.optional() }),
    output: z.object({ endedAt: timestamp }),
  }),
};

/** Somebody whom a claimant let in, also once their access is over. */
export const accessView = z.object({
  place,
  as: z.enum(accessKinds),
  /** As the claimant named them; empty once the words of the case are erased */
  name: z.string(),
  invitedAt: timestamp,
  /** Until when an invitation can be used that nobody has used yet */
  inviteUntil: timestamp.optional(),
  since: timestamp.optional(),
  endedAt: timestamp.optional(),
  /** Whether it is the key that asks */
  own: z.boolean(),
});
