import { z } from 'zod';
import {
  demandKinds,
  groupSchema,
  mostDelayDays,
  objectionGrounds,
  orderBodies,
  orderEffects,
  quarterSchema,
} from '../membership.ts';
import { b64u32, compactJws, numericDate, timestamp } from '../schemas.ts';
import { idSchema } from '../typeid.ts';
import { define } from './define.ts';
import { operatorAct } from './parties.ts';

const platform = idSchema('plt');

/** How parties answer to each other and to the public, and leave. */
export const membershipOps = {
  'parties.object': define('mutation', ['trust'], {
    summary:
      'Object to a registration in its window, or at any time because a group was not disclosed; the panel decides.',
    input: z
      .strictObject({
        party: platform,
        ground: z.enum(objectionGrounds),
        /** The group that it belongs to, for `group-undisclosed` */
        group: groupSchema.optional(),
      })
      .refine(({ ground, group }) => (ground === 'group-undisclosed') === (group !== undefined), {
        path: ['group'],
      }),
    /** `asked`: nothing stops; the party counts to the group until the panel says that it does not belong to it */
    output: z.object({ party: platform, state: z.enum(['objected', 'asked']) }),
  }),
  'parties.demand': define('mutation', ['trust'], {
    summary:
      'Report how many demands of authorities you had; the counts are published within a year.',
    input: z.strictObject({
      kind: z.enum(demandKinds),
      quarter: quarterSchema,
      received: z.int().min(1).max(1_000_000),
      complied: z.int().min(0).max(1_000_000),
      refused: z.int().min(0).max(1_000_000),
      /** Where the law forbids to tell: until it is published nobody reads of it */
      delayDays: z.int().min(0).max(mostDelayDays).optional(),
    }),
    output: z.object({ id: idSchema('dmd'), publishedAt: timestamp }),
  }),
  'parties.attest': define('mutation', ['service', 'trust'], {
    summary: 'File the signed statement of a quarter: no demand of an authority, or how many.',
    /** `recourse-attestation+jwt` by a trust or admin key */
    input: z.strictObject({ attestation: compactJws }),
    output: z.object({ quarter: quarterSchema, missing: z.array(quarterSchema) }),
  }),
  'platforms.leave': define('mutation', ['service', 'trust', 'operator'], {
    admin: true,
    summary:
      'Leave the registry: checks and submissions stop at once. Needs an admin key of the party, or two operators.',
    input: z.strictObject({ party: platform }),
    output: z.object({
      state: z.enum(['proposed', 'executed']),
      proposal: idSchema('prp').optional(),
      executeBefore: timestamp.optional(),
      /** When the last of its records ends, but for those that the panel confirmed */
      recordsEndAt: timestamp.optional(),
    }),
  }),
  'orders.execute': operatorAct({
    summary: 'End or restrict one sanction, as a court or a data protection authority ordered.',
    input: z.strictObject({
      sanction: idSchema('snc'),
      effect: z.enum(orderEffects),
      body: z.enum(orderBodies),
      /** Date of the order */
      date: numericDate,
      /** H of its reference, published in the place of it */
      reference: b64u32,
    }),
  }),
};
