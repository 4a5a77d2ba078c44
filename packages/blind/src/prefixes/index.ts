export { BlindError, type BlindErrorCode } from '../errors.ts';
export { prefixBits, prefixOf } from './prefix.ts';
export type { PrefixDelta } from './apply-delta.ts';
export { prefixDelta } from './prefix-delta.ts';
export { mostEntries, PrefixSet } from './prefix-set.ts';
export { PrefixTally, type CountedPrefixes } from './prefix-tally.ts';
