import { z } from 'zod';
import { openingSchema } from '../entries.ts';
import { idSchema } from '../typeid.ts';

export const empty = z.strictObject({});

/** Lists page by an opaque cursor and hold the caller's own records only. */
export const page = {
  cursor: z
    .string()
    .max(128)
    .regex(/^[A-Za-z0-9_-]*$/)
    .optional(),
  limit: z.int().min(1).max(100).optional(),
};
export const nextCursor = z.string().optional();

/** What a sanction is at one instant: computed when read, never stored. */
export const sanctionStates = [
  'draft',
  'held',
  'visible',
  'suspended',
  'expired',
  'withdrawn',
  'reversed',
] as const;
export const sanctionState = z.enum(sanctionStates);
export type SanctionState = (typeof sanctionStates)[number];

export const sanctionResult = z.object({
  sanction: idSchema('snc'),
  state: sanctionState,
  version: z.int().min(1),
});

/** Openings of the ledger entries a mutation caused, at most 16; more are at `calls.changes`. */
export const changes = z.array(openingSchema).max(16);
