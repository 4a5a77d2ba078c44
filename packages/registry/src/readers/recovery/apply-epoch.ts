import { jcs } from '@recourse/protocol';
import { insertRotation } from '../../lookup/epochs/store.ts';
import { instantOf, type Apply } from './applying.ts';
import { raiseVersion } from '../../lookup/prefixes/version-store.ts';

/**
 * A key of tokens is announced as it was, and closes the epoch before as it did. The tokens that records were given
 * since the copy are in no entry: their platforms give them once more, or they end with their epoch.
 */
export const applyEpoch: Apply<'oprf-epoch'> = async (detail, entry, { db, counts }) => {
  const { epoch, publicKey, opensAt, beforeClosesAt } = detail;
  if (epoch < 2 || beforeClosesAt === undefined) return;
  const isNew = await insertRotation(db, {
    epoch,
    public_key: publicKey,
    announced_at: instantOf(entry),
    opens_at: new Date(opensAt),
    before_closes_at: new Date(beforeClosesAt),
    entry: jcs(entry),
  });
  if (isNew) counts.parties++;
};

/** Members hold this version: the next one of the set, which is made anew, comes after it. */
export const applyPrefixSet: Apply<'prefix-set'> = ({ epoch, version }, _, { db }) =>
  raiseVersion(db, { epoch, version });
