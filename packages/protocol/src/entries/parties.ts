import { z } from 'zod';
import {
  demandKinds,
  groupSchema,
  objectionGrounds,
  orderBodies,
  orderEffects,
  quarterSchema,
} from '../membership.ts';
import { partyIdSchema } from '../roles.ts';
import { b64u32, timestamp } from '../schemas.ts';
import { reasonCodes } from '../taxonomy/reason-codes.ts';
import { id, isPublic, number, word } from './define.ts';

const party = id('plt');
/** Hash of the signed call that caused it; absent where a rule or the panel did */
const call = b64u32.optional();
/** As it was signed; whoever applies it reads it by the schema of its own time */
const registration = z.looseObject({
  name: z.string(),
  group: groupSchema,
  owners: z.array(z.json()).optional(),
});

/** Membership: who belongs to the registry. */
export const partyEntries = {
  'party-proposed': isPublic({ registration, call }),
  'party-registered': isPublic({
    party,
    registration,
    objectionsUntil: timestamp.optional(),
    probationUntil: timestamp.optional(),
    /** The group that it left */
    left: groupSchema.optional(),
    call,
  }),
  'party-objected': isPublic({
    party,
    by: party,
    ground: z.enum(objectionGrounds),
    group: groupSchema.optional(),
    item: id('itm').optional(),
    call,
  }),
  'party-admitted': isPublic({
    party,
    item: id('itm'),
    activeFrom: timestamp,
    probationUntil: timestamp,
  }),
  'party-warned': isPublic({ party, decided: number, reversed: number, days: number }),
  'party-suspended': isPublic({
    party: partyIdSchema,
    what: z.enum(['submissions', 'checks', 'both']),
    why: word,
    /** The operators' where it names none */
    cause: word.optional(),
    item: id('itm').optional(),
    /** How many are examined again */
    records: number.optional(),
    call,
  }),
  'party-restored': isPublic({
    party: partyIdSchema,
    what: z.literal('submissions').optional(),
    cause: word.optional(),
    item: id('itm').optional(),
    /** Causes that still stand */
    stands: z.array(word).optional(),
    explained: word.optional(),
    call,
  }),
  'party-left': isPublic({
    party: partyIdSchema,
    records: number,
    recordsEndAt: timestamp,
    call,
  }),
};

/** Bounds: what a party may do. */
export const boundEntries = {
  taxonomy: isPublic({
    party: partyIdSchema,
    taxonomy: word,
    enabled: z.array(z.enum(reasonCodes)),
    call,
  }),
  limits: isPublic({
    party: partyIdSchema,
    submissionsPerDay: number.optional(),
    elementsPerDay: number.optional(),
    call,
  }),
};

/** Demands of authorities, and orders. */
export const authorityEntries = {
  'authority-demand': isPublic({
    id: id('dmd'),
    party,
    kind: z.enum(demandKinds),
    quarter: quarterSchema,
    received: number,
    complied: number,
    refused: number,
  }),
  'authority-attested': isPublic({
    party,
    quarter: quarterSchema,
    demands: number,
    statement: z.string(),
    call,
  }),
  'order-executed': isPublic({
    proposal: id('prp'),
    effect: z.enum(orderEffects),
    body: z.enum(orderBodies),
    date: timestamp,
    reference: z.string(),
    proposedBy: z.string(),
    executedBy: z.string(),
    call: b64u32,
  }),
};
