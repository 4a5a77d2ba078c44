import { ofAppeals } from './of-appeals.ts';
import { ofCreators } from './of-creators.ts';
import { ofParties } from './of-parties.ts';
import { ofPrefixes } from './of-prefixes.ts';
import type { RetentionRule } from './retained.ts';

/**
 * Every column of the database: why it is kept, in what form, and how long. A column that is not here fails a test; an
 * erasure takes what is said here to go with one.
 */
export const retention: readonly RetentionRule[] = [
  ...ofCreators,
  ...ofAppeals,
  ...ofParties,
  ...ofPrefixes,
];
