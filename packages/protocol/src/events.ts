import { z } from 'zod';
import { recallKinds } from './recall.ts';
import { numericDate } from './schemas.ts';
import { inquiryAnswers, inquiryQuestions } from './inquiry.ts';
import { idSchema } from './typeid.ts';

/** Events about sanctions that a platform submitted or was told of (protocol, section 10). */
export const eventTypes = [
  'sanction-disputed',
  'sanction-upheld',
  'sanction-amended',
  'sanction-suspended',
  'sanction-reinstated',
  'sanction-reversed',
  'sanction-withdrawn',
  'sanction-undecided',
  'sanction-expired',
  'appeal-opened',
  'evidence-requested',
  'notice-owed',
  'recall-reminder',
  'outcome-reminder',
  'retokenise-reminder',
  'echo-review',
  'question',
  'party-warned',
  'party-held',
  'subject-challenged',
  'challenge-decided',
] as const;
export type EventType = (typeof eventTypes)[number];

const uri = 'https://schemas.recourse.dev/event/';
export type EventUri = `${typeof uri}${EventType}`;
/** The URI of an event in a SET. */
export const eventUri = (type: EventType): EventUri => `${uri}${type}`;

/** The one member of `events` in a SET: ids, enums and times, never a word about a person. */
export const eventBodySchema = z.strictObject({
  version: z.int().min(1),
  appeal: idSchema('apl').optional(),
  match: idSchema('mat').optional(),
  /** An inspection, whose evidence is requested, or what the panel is asked */
  item: idSchema('itm').optional(),
  cause: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  recall: z
    .strictObject({ id: idSchema('rcl'), kind: z.enum(recallKinds), dueAt: numericDate })
    .optional(),
  dueAt: numericDate.optional(),
  /** An inquiry of another trust team; with its answer, for whoever asked */
  question: z
    .strictObject({
      id: idSchema('qst'),
      asks: z.enum(inquiryQuestions),
      answer: z.enum(inquiryAnswers).optional(),
    })
    .optional(),
});
export type EventBody = z.infer<typeof eventBodySchema>;

/** A security event token (RFC 8417): one event each; `txn` is the case. */
export const securityEventSchema = z.strictObject({
  iss: z.string(),
  aud: idSchema('plt'),
  iat: numericDate,
  jti: idSchema('evt'),
  txn: idSchema('snc'),
  sub_id: z.strictObject({ format: z.literal('opaque'), id: idSchema('snc') }),
  events: z.record(z.string().startsWith(uri), eventBodySchema),
});
export type SecurityEvent = z.infer<typeof securityEventSchema>;

/** The event of a SET. @throws TypeError when it holds none that is known */
export function eventOf(set: SecurityEvent): { type: EventType; body: EventBody } {
  for (const type of eventTypes) {
    const body = set.events[eventUri(type)];
    if (body) return { type, body };
  }
  throw new TypeError('no known event');
}
