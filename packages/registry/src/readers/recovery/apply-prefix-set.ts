import { raiseVersion } from '../../lookup/prefixes/version-store.ts';
import type { Apply } from './applying.ts';

/** Members hold this version: the next one of the set, which is made anew, comes after it. */
export const applyPrefixSet: Apply<'prefix-set'> = ({ epoch, version }, _, { db }) =>
  raiseVersion(db, { epoch, version });
