import { z } from 'zod';
import { bookNames } from '../book.ts';
import { b64u32, compactJws, timestamp } from '../schemas.ts';
import { idSchema } from '../typeid.ts';
import { define } from './define.ts';
import { empty } from './common.ts';
import { generalJweSchema } from './evidence.ts';

/** A sealed journal has one of four sizes, so that its size tells next to nothing: multiples of this, in bytes. */
export const journalBlock = 8192;
/** The longest is so many blocks. */
export const journalBlocks = 4;

/** Versions of a journal that one holder writes of one record, at most. None takes the place of another. */
export const mostJournalVersions = 8;

/** Trust keys of one platform that have a sealing key, at most. */
export const maxSealingKeys = 64;

const trust = ['trust'] as const;
const sanction = idSchema('snc');

/** Characters of so many bytes as base64url. */
const characters = (bytes: number): number => Math.ceil((bytes * 4) / 3);
const sizes = Array.from({ length: journalBlocks }, (_, at) => characters(journalBlock * (at + 1)));

/** RFC 7516, section 7.2.1, without its `aad`: whoever opens it says themselves which record it is of. */
export const journalJweSchema = z.strictObject({
  ...generalJweSchema.shape,
  ciphertext: generalJweSchema.shape.ciphertext
    .max(characters(journalBlock * journalBlocks))
    .refine((text) => sizes.includes(text.length)),
  recipients: z.array(generalJweSchema.shape.recipients.element).min(1).max(maxSealingKeys),
});
export type JournalJwe = z.infer<typeof journalJweSchema>;

/** The longest book is so many blocks. */
export const bookBlocks = 8;
const bookSizes = Array.from({ length: bookBlocks }, (_, at) =>
  characters(journalBlock * (at + 1)),
);

/** As {@link journalJweSchema}, of one of eight sizes. */
export const bookJweSchema = z.strictObject({
  ...journalJweSchema.shape,
  ciphertext: generalJweSchema.shape.ciphertext
    .max(characters(journalBlock * bookBlocks))
    .refine((text) => bookSizes.includes(text.length)),
});
export type BookJwe = z.infer<typeof bookJweSchema>;

const book = z.enum(bookNames);
const version = z.int().min(0);

/**
 * Notes that an appeal will need of own records, sealed to the trust keys of the platform: the registry reads none of
 * it.
 */
export const journalOps = {
  'journals.addKey': define('mutation', trust, {
    summary: 'Publish the key that journals of your platform are sealed to for you.',
    input: z.strictObject({
      /** `recourse-sealing-key+jwt`, by the trust key that carries the call */
      statement: compactJws,
    }),
    output: z.object({ kid: b64u32 }),
  }),
  'journals.keys': define('read', trust, {
    summary: 'List the sealing keys of your platform whose trust keys are not revoked.',
    input: empty,
    output: z.object({ statements: z.array(compactJws) }),
  }),
  'journals.put': define('mutation', trust, {
    summary:
      'Keep a version of what an appeal will need of your record, sealed to the trust keys of your platform.',
    input: z.strictObject({ sanction, jwe: journalJweSchema }),
    output: z.object({ sanction }),
  }),
  'journals.get': define('read', trust, {
    summary: 'Read the sealed journal of one of your records, the newest version first.',
    input: z.strictObject({
      sanction,
      /** So many newer versions are passed over */
      skip: z
        .int()
        .min(0)
        .max(maxSealingKeys * mostJournalVersions)
        .optional(),
    }),
    output: z.object({
      sanction,
      /** None where nobody put one, or the record was erased */
      jwe: journalJweSchema.optional(),
      /** The trust key that sent this version, and when */
      by: b64u32.optional(),
      at: timestamp.optional(),
      /** There are older versions */
      older: z.literal(true).optional(),
    }),
  }),
  'journals.putBook': define('mutation', trust, {
    summary:
      'Write a book of your platform, sealed to its trust keys: names by an admin key, work by any.',
    input: z.strictObject({
      book,
      /** The version that was read; 0 where there was none */
      after: version,
      jwe: bookJweSchema,
    }),
    output: z.object({ book, version }),
  }),
  'journals.getBook': define('read', trust, {
    summary: 'Read a sealed book of your platform.',
    input: z.strictObject({ book }),
    output: z.object({
      book,
      /** 0 where nobody wrote one */
      version,
      jwe: bookJweSchema.optional(),
    }),
  }),
};
