import { randomBytes } from 'node:crypto';
import { toBase64url } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import type { Changes } from './changes.ts';
import { insertSealed } from './sealed-store.ts';
import { entryText, openingRows } from './seal.ts';

/** Under which the openings of changes that nobody called for are kept. No key has this id. */
export const noCaller = 'registry';

interface Committing {
  readonly db: Db;
  readonly changes: Changes;
  readonly now: Date;
}

/**
 * Writes the entries and openings that are not written yet of changes that nobody called for, in the transaction of the
 * changes. There is no call, so there is no audit row and no receipt.
 */
export async function commitChanges({ db, changes, now: at }: Committing): Promise<void> {
  const list = changes.take();
  if (list.length === 0) return;
  const jti = toBase64url(randomBytes(18));
  await insertSealed(db, {
    seen: [],
    entries: list.map(entryText),
    openings: openingRows({ kid: noCaller, jti }, list),
    answers: [],
    kept: [],
    at,
  });
}
