import { z } from 'zod';
import { b64u32, timestamp } from '../schemas.ts';
import { aboutSanction, id, number, word } from './define.ts';

const appeal = id('apl');
/** An appeal, or an inspection */
const review = z.union([appeal, id('itm')]);
/** One item of the evidence as it was delivered once */
const delivered = { appeal: review, item: number, round: number };

/** An appeal, from its opening to what comes of it. */
export const appealEntries = {
  'appeal-opened': aboutSanction({
    appeal,
    ground: word,
    version: number,
    reopens: appeal.optional(),
  }),
  /** One claimant appeals no more: by a signed act, or without a signature; or again, within the time it waits */
  'appeal-withdrawal': aboutSanction({
    appeal,
    signed: z.boolean().optional(),
    /** Hash of the signed act */
    act: b64u32.optional(),
    kept: z.boolean().optional(),
  }),
  /** A reviewer made the key that evidence is sealed to */
  claim: aboutSanction({ appeal: review, key: b64u32 }),
  recused: aboutSanction({ appeal: review, why: word }),
  'evidence-delivered': aboutSanction({ appeal: review, item: number }),
  'evidence-rejected': aboutSanction({ ...delivered, why: word }),
  'evidence-disputed': aboutSanction(delivered),
  'dispute-settled': aboutSanction({ ...delivered, as: word }),
  /** Until when the record answers no check; null where relief was refused */
  relief: aboutSanction({ appeal, until: timestamp.nullable() }),
  'appeal-decided': aboutSanction({
    appeal,
    as: word,
    version: number,
    outcome: word.optional(),
    cause: word.optional(),
  }),
  /** An ended record was wrong; `item` where an inspection found it */
  finding: aboutSanction({
    appeal,
    cause: word,
    version: number,
    item: id('itm').optional(),
  }),
};
