import { z } from 'zod';
import { timestamp } from '../schemas.ts';
import { idPattern, type IdPrefix } from '../typeid.ts';

/**
 * What an entry is about, which decides what of it everybody reads: of a sanction a salted reference and a digest of its
 * detail, of a disclosure a salted pair and a digest, of what is public the detail itself.
 */
export type About = 'sanction' | 'disclosure' | 'public';

export interface EntryDefinition<
  A extends About = About,
  S extends z.core.$ZodLooseShape = z.core.$ZodLooseShape,
> {
  readonly about: A;
  /**
   * What its detail has. Members beyond these are let through, and nothing is changed: a hash is always of the bytes that
   * were received.
   */
  readonly detail: z.ZodObject<S, z.core.$loose>;
}

/** Of a sanction: when it came about, where that was before it was written. */
const effective = { effective: timestamp.optional() };

const define =
  <A extends About>(about: A) =>
  <S extends z.core.$ZodLooseShape>(detail: S): EntryDefinition<A, S> => ({
    about,
    detail: z.looseObject(detail),
  });

export const aboutSanction = <S extends z.core.$ZodLooseShape>(
  detail: S,
): EntryDefinition<'sanction', S & typeof effective> =>
  define('sanction')({ ...detail, ...effective });
export const aboutDisclosure = define('disclosure');
export const isPublic = define('public');

/**
 * One word of a list that grows and shrinks: a log is read for as long as anybody has a copy of it, so what was a word once
 * stays one.
 */
export const word = z.string().max(64);
export const id = (prefix: IdPrefix): z.ZodString => z.string().regex(idPattern(prefix));
/** Versions of a record, positions of its subjects and items, and counts */
export const number = z.int().min(0);
