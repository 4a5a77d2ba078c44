import { randomBytes } from 'node:crypto';
import { toBase64url } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import type { Change } from './changes.ts';
import { insertSealed } from './sealed-store.ts';
import { entryText, openingRows } from './seal.ts';

/** Under which the openings of changes that nobody called for are kept. No key has this id. */
export const noCaller = 'registry';

/**
 * Writes the entries and openings of changes that time alone caused, in the transaction of the changes.
 * There is no call, so there is no audit row and no receipt.
 */
export async function commitChanges(db: Db, changes: readonly Change[], at: Date): Promise<void> {
  if (changes.length === 0) return;
  const jti = toBase64url(randomBytes(18));
  await insertSealed(db, {
    audit: [],
    entries: changes.map(entryText),
    openings: openingRows({ kid: noCaller, jti }, changes),
    answers: [],
    kept: [],
    at,
  });
}
