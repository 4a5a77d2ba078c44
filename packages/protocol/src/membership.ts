import { z } from 'zod';
import { numericDate, timestamp } from './schemas.ts';
import { idSchema } from './typeid.ts';

/** The grounds to object to a registration: facts that the panel can establish without judging a party's views. */
export const objectionGrounds = [
  'state-owned-or-directed',
  'registration-untrue',
  'owner-undisclosed',
  'group-undisclosed',
  'no-complaint-route',
  'no-legal-basis',
] as const;
export type ObjectionGround = (typeof objectionGrounds)[number];

/**
 * The group of a platform. Platforms of one group count as one: for corroboration, for their records, and for their
 * errors.
 */
export const groupSchema = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** An objection as those who decide on it read it. */
export const objectionSchema = z.object({
  by: idSchema('plt'),
  ground: z.enum(objectionGrounds),
  /** The group of a `group-undisclosed` */
  group: groupSchema.optional(),
  at: timestamp,
});

/** Where a party stands: computed when read, never stored. */
export const membershipStates = [
  'pending',
  'objected',
  'refused',
  'probation',
  'member',
  'left',
] as const;
export type MembershipState = (typeof membershipStates)[number];

/** The kinds of demand of an authority. */
export const demandKinds = ['check', 'record'] as const;
export type DemandKind = (typeof demandKinds)[number];

/** The longest delay of a report that the law forbids to publish at once. */
export const mostDelayDays = 365;

/** A quarter of a year in UTC, `2026-Q1`. */
export const quarterSchema = z.string().regex(/^20\d\d-Q[1-4]$/);

/** The instant a quarter ends. */
export function quarterEnd(quarter: string): Date {
  const [year = '', number = ''] = quarter.split('-Q');
  return new Date(Date.UTC(Number(year), 3 * Number(number), 1));
}

/** The quarter of an instant. */
export const quarterOf = (at: Date): string =>
  `${at.getUTCFullYear()}-Q${Math.floor(at.getUTCMonth() / 3) + 1}`;

/** `recourse-attestation+jwt`: in a quarter a platform had no demand of an authority, or so many. */
export const attestationSchema = z.strictObject({
  iss: idSchema('plt'),
  aud: z.string(),
  quarter: quarterSchema,
  /** Number of all demands, also of those that may not be published yet */
  demands: z.union([z.literal('none'), z.int().min(1).max(1_000_000)]),
  iat: numericDate,
});
export type Attestation = z.infer<typeof attestationSchema>;

/** An order ends a sanction or restricts it. There is no word for anything else. */
export const orderEffects = ['end', 'restrict'] as const;
export type OrderEffect = (typeof orderEffects)[number];

/** The bodies whose order the operator executes. */
export const orderBodies = ['court', 'data-protection-authority'] as const;
export type OrderBody = (typeof orderBodies)[number];

/** The name that a TXT record of a platform's domain stands under. */
export const registrationRecordName = (domain: string): string => `_recourse.${domain}`;

/** The text of the TXT record. Its publisher holds the domain, and made the invite that has this hash. */
export const registrationRecord = (invite: string): string => `recourse-registration=${invite}`;
