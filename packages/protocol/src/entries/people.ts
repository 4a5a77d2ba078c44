import { z } from 'zod';
import { holderSchema, partyIdSchema, roleSchema } from '../roles.ts';
import { b64u32, timestamp } from '../schemas.ts';
import { reasonCodes } from '../taxonomy/reason-codes.ts';
import { id, isPublic, number, word } from './define.ts';

/** Hash of the signed call that caused it; absent of what a registry is founded with */
const call = b64u32.optional();

/** Keys, and who holds them. */
export const keyEntries = {
  'key-added': isPublic({
    party: partyIdSchema,
    kid: b64u32,
    holder: holderSchema,
    role: roleSchema,
    admin: z.boolean(),
    position: number,
    statement: z.string(),
  }),
  'key-revoked': isPublic({
    party: partyIdSchema,
    kid: b64u32,
    holder: holderSchema,
    why: z.enum(['retired', 'compromised']),
    since: timestamp.optional(),
    call: b64u32,
  }),
  'registry-key': isPublic({ kid: b64u32, use: word, statement: z.string() }),
};

/** A platform that lost its admin key. */
export const reenrolmentEntries = {
  'party-reenrol-announced': isPublic({
    party: id('plt'),
    holder: holderSchema,
    /** Hash of its code */
    invite: b64u32,
    effectiveAt: z.iso.datetime(),
    call: b64u32,
  }),
  'party-reenrol-stopped': isPublic({
    party: id('plt'),
    invite: b64u32,
    by: holderSchema,
    call: b64u32,
  }),
};

export const reviewerEntries = {
  'reviewer-added': isPublic({
    holder: holderSchema,
    /** None of a reviewer whose term has no end */
    termUntil: timestamp.nullable(),
    /** Languages they read, and codes whose cases they are not assigned */
    languages: z.array(word).optional(),
    optOut: z.array(z.enum(reasonCodes)).optional(),
    affiliations: z.array(z.looseObject({ party: id('plt'), until: timestamp.nullable() })),
    countersignatures: z
      .array(z.looseObject({ by: holderSchema, kid: b64u32, statement: z.string() }))
      .optional(),
    call,
  }),
  'reviewer-removed': isPublic({ holder: holderSchema, call }),
};
