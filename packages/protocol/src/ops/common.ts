import { z } from 'zod';
import { openingSchema } from '../entries/index.ts';
import { b64u32 } from '../schemas.ts';
import { idSchema } from '../typeid.ts';

/** An input without members. */
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
/** The cursor of the next page; absent on the last one. */
export const nextCursor = z.string().optional();

/** The state of a sanction at one instant: computed when read, never stored. */
export const sanctionStates = [
  'draft',
  'held',
  'visible',
  'suspended',
  'expired',
  'withdrawn',
  'reversed',
  'undecided',
] as const;
export const sanctionState = z.enum(sanctionStates);
export type SanctionState = (typeof sanctionStates)[number];

/** A sanction after an operation on it. */
export const sanctionResult = z.object({
  sanction: idSchema('snc'),
  state: sanctionState,
  version: z.int().min(1),
});

/** The ledger entries that a call caused: beside `result` in its answer. */
export const changes = z.object({
  count: z.int().min(1),
  /** RFC 6962 root over the entries in order */
  root: b64u32,
  /** Openings of 16 entries at most; more are at `calls.changes` */
  openings: z.array(openingSchema).max(16).optional(),
});
