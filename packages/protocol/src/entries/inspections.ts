import { z } from 'zod';
import { b64u32 } from '../schemas.ts';
import { aboutSanction, id, isPublic, number, word } from './define.ts';

const item = id('itm');
/** Refs of records: how many, and the RFC 6962 root over them */
const refs = z.looseObject({ count: number, root: b64u32 });

/** The examination of records that nobody appealed, and of decisions that are made again. */
export const inspectionEntries = {
  'inspection-opened': aboutSanction({
    item,
    why: word,
    /** The appeal whose decision is made again */
    appeal: id('apl').optional(),
    /** The checkpoint that drew it */
    size: number.optional(),
    root: b64u32.optional(),
  }),
  'inspection-closed': aboutSanction({
    item,
    as: word,
    outcome: word.optional(),
    /** The cause of the reversal, where this reviewer confirmed it */
    cause: word.optional(),
  }),
};

export const drawEntries = {
  'inspections-drawn': isPublic({
    party: id('plt'),
    quarter: word,
    size: number,
    root: b64u32,
    eligible: refs,
    drawn: refs,
    /** Of the home reversals of the quarter before, where there were any */
    homeReversals: z.looseObject({ eligible: refs, drawn: refs }).optional(),
  }),
};
