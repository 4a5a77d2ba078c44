import type { Purpose } from '@recourse/protocol';
import { z } from 'zod';

const pointer = z
  .string()
  .regex(/^(?:\/(?:[^~/]|~[01])*)+$/)
  .describe('A JSON pointer (RFC 6901), such as /user/email');

export const pointerMap = z.strictObject({
  ref: pointer,
  email: pointer.optional(),
  phone: pointer.optional(),
  /** Text of RFC 3339, or seconds or milliseconds since 1970. Absent: the change is the proof */
  provenAt: pointer.optional(),
  /** Two values that differ where this webhook is of a proof: before and after */
  changed: z.tuple([pointer, pointer]).optional(),
  /** Values that members have where this webhook is of a proof */
  only: z.record(pointer, z.union([z.string(), z.boolean(), z.number()])).optional(),
});
export type PointerMap = z.infer<typeof pointerMap>;

export const verifying = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('standard-webhooks') }),
  z.strictObject({ by: z.literal('svix') }),
  z.strictObject({ by: z.literal('ghost') }),
  /** Hex of HMAC-SHA-256 over the body, with or without `sha256=` */
  z.strictObject({ by: z.literal('hmac'), header: z.string().min(1) }),
  /** The secret itself, for sources that sign nothing: over TLS alone */
  z.strictObject({ by: z.literal('header'), header: z.string().min(1) }),
]);
export type Verifying = z.infer<typeof verifying>;

/** Why a webhook makes no question, although nothing is wrong with it. */
export type Skipped = 'other-event' | 'not-proven' | 'proof-too-old';

/** What a webhook says of one person, before anything of it was looked at. */
export interface Reading {
  readonly ref: unknown;
  readonly email?: unknown;
  readonly phone?: unknown;
  readonly provenAt: unknown;
}

/** Reads a body by a rule of its own, where pointers do not reach. */
export type Reader = (body: unknown) => Reading | Skipped;

/** A place that webhooks come from. */
export interface Source {
  readonly name: string;
  readonly secret: string;
  readonly purpose: Purpose;
  readonly perHour: number;
  readonly verify: Verifying;
  readonly map: PointerMap | Reader;
}
