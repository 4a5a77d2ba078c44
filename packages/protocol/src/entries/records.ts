import { z } from 'zod';
import { partyIdSchema } from '../roles.ts';
import { b64u32, numericDate } from '../schemas.ts';
import { aboutSanction, id, number, word } from './define.ts';

/** The life of a record, from its submission to its erasure. */
export const recordEntries = {
  'sanction-submitted': aboutSanction({
    party: id('plt'),
    /** SHA-256 of the signed statement */
    statement: b64u32,
    reason: word,
    version: number,
    echoOf: z.array(id('snc')).optional(),
    priorMatch: z.boolean().optional(),
  }),
  'notice-delivered': aboutSanction({
    position: number,
    channel: word,
    result: word,
    /** Holders of the operator who each say that it came back */
    by: z.array(z.string()).optional(),
  }),
  'notice-stated': aboutSanction({ channel: word, language: word, sentAt: numericDate }),
  'sanction-visible': aboutSanction({ version: number }),
  'sanction-suspended': aboutSanction({ version: number, cause: word }),
  'sanction-reinstated': aboutSanction({ version: number }),
  'sanction-amended': aboutSanction({ version: number }),
  'sanction-retokenised': aboutSanction({ version: number, epoch: number, update: b64u32 }),
  'sanction-ended': aboutSanction({
    version: number,
    kind: word,
    /** The party that brought about an early end, and the reason */
    by: partyIdSchema.optional(),
    cause: word.optional(),
  }),
  'echo-review': aboutSanction({
    version: number,
    dueAt: numericDate,
    /** When it would have ended, in entries of before: it is suspended until it is confirmed */
    endsAt: numericDate.optional(),
  }),
  'echo-confirmed': aboutSanction({ version: number, confirmation: b64u32 }),
  /** One claimant asks, by a signed act or without a signature; or no more */
  'erasure-requested': aboutSanction({
    signed: z.boolean().optional(),
    act: b64u32.optional(),
    kept: z.boolean().optional(),
  }),
  'subject-erased': aboutSanction({ position: number }),
  'texts-erased': aboutSanction({}),
  erased: aboutSanction({}),
};
