import { z } from 'zod';
import { holderSchema } from './roles.ts';
import { numericDate } from './schemas.ts';
import { idSchema } from './typeid.ts';

/** Books that the people of one platform keep together: who is who, and who does what. */
export const bookNames = ['names', 'work'] as const;
export type BookName = (typeof bookNames)[number];

/** Text of one line: without control characters, or marks that turn the direction of what follows. */
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Bidi_Control}]+$/u);

/** A calendar day, as `2028-04-26`. */
const day = z.iso.date();

const claims = { iss: idSchema('plt'), aud: z.string(), iat: numericDate };

/** People, by what the platform calls them. An admin key signs it. */
const namesSchema = z.strictObject({
  ...claims,
  sub: z.literal('names'),
  people: z.array(z.strictObject({ holder: holderSchema, name: line(80) })).max(256),
});

/** Work that was given to somebody, with a comment; and who is away, with a deputy. Any trust key signs it. */
const workSchema = z.strictObject({
  ...claims,
  sub: z.literal('work'),
  rows: z
    .array(
      z.strictObject({
        /** What the work is about: a record, a match, a recall, an appeal or a question */
        row: z.string().regex(/^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
        /** Who has it; nobody where it has a comment alone */
        holder: holderSchema.optional(),
        comment: line(300).optional(),
        by: holderSchema,
        at: numericDate,
      }),
    )
    .max(400),
  away: z
    .array(z.strictObject({ holder: holderSchema, from: day, until: day, deputy: holderSchema }))
    .max(64),
});

/**
 * `recourse-book+jwt`: a book of one platform. It exists only sealed to its trust keys, and signed: anybody can seal to a
 * public key.
 */
export const bookSchema = z.discriminatedUnion('sub', [namesSchema, workSchema]);

/** What stands in a book, beside the claims of who signed it. */
export type BookContent<N extends BookName> = N extends 'names'
  ? Pick<z.infer<typeof namesSchema>, 'people'>
  : Pick<z.infer<typeof workSchema>, 'rows' | 'away'>;
