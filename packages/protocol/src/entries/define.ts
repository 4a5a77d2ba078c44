import { z } from 'zod';
import { timestamp } from '../schemas.ts';
import { idPattern, type IdPrefix } from '../typeid.ts';

/**
 * The subject of an entry, which decides how much of it everybody reads. Of a sanction they read a salted reference and
 * a digest of its detail, of a disclosure a salted pair and a digest. A public entry shows its detail.
 */
export type About = 'sanction' | 'disclosure' | 'public';

export interface EntryDefinition<
  A extends About = About,
  S extends z.core.$ZodLooseShape = z.core.$ZodLooseShape,
> {
  readonly about: A;
  /**
   * The members of its detail. Others are let through, and nothing is changed: a hash is always of the bytes that were
   * received.
   */
  readonly detail: z.ZodObject<S, z.core.$loose>;
}

/** The time at which a change of a sanction came about, where that was before it was written. */
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
