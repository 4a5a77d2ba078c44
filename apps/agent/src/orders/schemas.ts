import {
  deliveredClassNames,
  evidenceClassNames,
  identifierKinds,
  idSchema,
  language,
  liftedBy,
  noticeChannels,
  outcomes,
  ownRef,
  purposes,
  recallActions,
  sanctionStatementSchema,
  withdrawalCauses,
  actions,
  controls,
  gravities,
  reasonCodes,
  type IdentifierKind,
} from '@recourse/protocol';
import { z } from 'zod';

/**
 * Schemas of what services send and get. One source for validation and for the OpenAPI document, so it has no
 * transforms: times are RFC 3339, bytes base64.
 */
const time = z.iso.datetime({ offset: true }).describe('RFC 3339, with an offset or Z');

const bytes = z.base64().min(1).max(5_592_408).describe('base64, up to 4 MiB of bytes');

const ref = ownRef.describe('Your own case id: recalls name the person by it');

const identifier = z.string().min(1).max(320);

const byKind = <T extends z.ZodType>(item: T) =>
  z
    .strictObject(
      Object.fromEntries(
        identifierKinds.map((kind) => [
          kind,
          z.union([item, z.array(item).min(1).max(8)]).optional(),
        ]),
      ) as Record<IdentifierKind, z.ZodOptional<z.ZodUnion<[T, z.ZodArray<T>]>>>,
    )
    .refine((kinds) => Object.keys(kinds).length > 0, { error: 'at least one identifier' });

const asked = z.strictObject({
  identifiers: byKind(identifier).describe('What the person proved to control, of one person'),
  ref: ref.optional(),
});

export const checkOrder = z.discriminatedUnion('purpose', [
  asked.extend({
    purpose: z.literal('signup'),
    provenAt: time.describe('When they proved it, within 24 hours'),
  }),
  asked.extend({
    purpose: z.enum(purposes).exclude(['signup']),
    provenAt: time.optional().describe('When they proved it'),
  }),
]);
export type CheckOrder = z.infer<typeof checkOrder>;

/** Of a question that is kept: its answer comes later, so that there has to be somebody whom it is about. */
export const keptCheckOrder = z.discriminatedUnion('purpose', [
  checkOrder.options[0].extend({ ref }),
  checkOrder.options[1].extend({ ref }),
]);
export type KeptCheckOrder = z.infer<typeof keptCheckOrder>;

const statement = sanctionStatementSchema.shape;

export const sanctionOrder = z.strictObject({
  creator: byKind(
    z.strictObject({ value: identifier, control: z.enum(controls), provenAt: time }),
  ).describe('Identifiers, each with how and when you proved that the creator controls it'),
  reason: z.enum(reasonCodes),
  action: z.enum(actions),
  incident: z.strictObject({ from: time, to: time }),
  decidedAt: time,
  decidedBy: statement.decided_by,
  evidence: z
    .array(
      z.strictObject({
        class: z.enum(evidenceClassNames),
        count: z.int().min(1).max(1_000_000).optional(),
        content: bytes.describe('Hashed here and never sent; keep the bytes for an appeal'),
      }),
    )
    .min(1)
    .max(16),
  account: z
    .string()
    .min(1)
    .max(2000)
    .describe('For the creator and the reviewer only: what was done, when, how it was found'),
  policy: statement.policy.describe('Index of the broken policy among your published ones'),
  origin: statement.origin,
  attest: statement.attest,
  age: statement.age,
  expires: time.optional(),
  gravity: z.enum(gravities).optional(),
  evades: idSchema('snc').optional(),
  ref: ref.optional(),
});
export type SanctionOrder = z.infer<typeof sanctionOrder>;

export const noticeOrder = z.strictObject({
  language: language.describe('BCP 47, such as de or pt-BR'),
  email: z
    .array(z.string().min(3).max(320))
    .max(8)
    .optional()
    .describe('Every email address of the record: the registry writes to each'),
  phone: z
    .array(z.string().min(3).max(32))
    .max(8)
    .optional()
    .describe('Every phone number of the record: the registry writes to each'),
  stated: z
    .strictObject({ channel: z.enum(noticeChannels), sentAt: time })
    .optional()
    .describe('How and when you told them yourself: where the registry can write to nobody'),
});
export type NoticeOrder = z.infer<typeof noticeOrder>;

const cause = z.enum(withdrawalCauses);
export const withdrawalOrder = z.strictObject({
  cause,
  lifted: z
    .strictObject({
      at: time.describe('When it was lifted: within 72 hours the withdrawal counts in nothing'),
      by: z.enum(liftedBy),
      complaint: bytes.describe('The complaint or ruling: hashed here and never sent; keep it'),
    })
    .optional()
    .describe('Of a home-reversal: how the measure was lifted'),
});
export type WithdrawalOrder = z.infer<typeof withdrawalOrder>;
export const concessionOrder = z.strictObject({ cause });
export const standOrder = z.strictObject({
  text: z.string().min(1).max(4000).describe('For the reviewer and the creator'),
});

export const evidenceOpening = z.strictObject({
  class: z.enum(deliveredClassNames),
  commitment: z.string(),
  salt: z.string(),
  sha256: z.string().optional(),
  from: z.string().optional(),
});
export const evidenceOrder = z.strictObject({
  evidence: z
    .array(
      z.strictObject({
        content: bytes,
        opening: evidenceOpening.describe('As the submission answered it'),
      }),
    )
    .min(1)
    .max(16),
});
export type EvidenceOrder = z.infer<typeof evidenceOrder>;

const reported = z.strictObject({ match: idSchema('mat'), ref: ref.optional() });

export const outcomesOrder = z.strictObject({
  outcomes: z
    .array(
      z.discriminatedUnion('outcome', [
        reported.extend({
          outcome: z.enum(outcomes).extract(['refused', 'admitted-with-safeguards']),
          reviewedAt: time.describe('When a person reviewed it, 10 minutes after the match'),
          noticeSentAt: time.describe('When you told the creator'),
        }),
        reported.extend({
          outcome: z.enum(outcomes).exclude(['refused', 'admitted-with-safeguards']),
          reviewedAt: time.optional(),
          noticeSentAt: time.optional(),
        }),
      ]),
    )
    .min(1)
    .max(64),
});
export type OutcomesOrder = z.infer<typeof outcomesOrder>;

export const acknowledgementOrder = z.strictObject({
  action: z.enum(recallActions),
  copies: z.enum(['deleted', 'kept']),
  ownGrounds: z
    .strictObject({
      reviewedAt: time,
      noticeSentAt: time,
      matchWasOnlyGround: z.literal(false),
    })
    .optional()
    .describe('Of kept-on-own-grounds: a review of your own after the recall'),
});
export type AcknowledgementOrder = z.infer<typeof acknowledgementOrder>;
