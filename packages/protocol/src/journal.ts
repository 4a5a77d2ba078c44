import { z } from 'zod';
import { sealingKeySchema } from './appeal.ts';
import { identifierKinds } from './identifiers/kinds.ts';
import { b64u32, numericDate } from './schemas.ts';
import { maxEvidenceItems } from './statement.ts';
import { subjectLeaves } from './subject-tree.ts';
import { deliveredClassNames } from './taxonomy/index.ts';
import { idSchema } from './typeid.ts';

/** `recourse-sealing-key+jwt`: a holder of a trust key says which key shared journals are sealed to for them. */
export const sealingKeyStatementSchema = z.strictObject({
  iss: idSchema('plt'),
  aud: z.string(),
  key: sealingKeySchema,
  iat: numericDate,
});
export type SealingKeyStatement = z.infer<typeof sealingKeyStatementSchema>;

/**
 * `recourse-journal+jwt`: what a notice and an appeal will need of one record. It exists only sealed to the trust keys
 * of its platform, and signed: anybody can seal to a public key.
 */
export const sharedJournalSchema = z.strictObject({
  iss: idSchema('plt'),
  aud: z.string(),
  sub: idSchema('snc'),
  iat: numericDate,
  /** Opens the creator's case. None of this and the next two where whoever shares it has the evidence alone */
  caseCode: z.string().max(64).optional(),
  /** The act, as the record has it */
  account: z.string().max(2000).optional(),
  identifiers: z
    .array(z.strictObject({ kind: z.enum(identifierKinds), value: z.string().max(320) }))
    .max(subjectLeaves)
    .optional(),
  /** In the order of the statement, each with the salt that opens its commitment */
  evidence: z
    .array(
      z.strictObject({
        class: z.enum(deliveredClassNames),
        commitment: b64u32,
        salt: b64u32,
        /** SHA-256 of the bytes, in hex: it finds the file again */
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional(),
        /** Where the platform keeps the bytes */
        from: z.string().max(500).optional(),
      }),
    )
    .min(1)
    .max(maxEvidenceItems),
});
export type SharedJournal = z.infer<typeof sharedJournalSchema>;
