export { BlindError, type BlindErrorCode } from '../errors.ts';
export { prefixBits, prefixOf } from './prefix.ts';
export { mostEntries, PrefixSet, type PrefixDelta, type SetChanges } from './prefix-set.ts';
export { digestOf } from './slices.ts';
export { PrefixTally, type CountedPrefixes } from './prefix-tally.ts';
