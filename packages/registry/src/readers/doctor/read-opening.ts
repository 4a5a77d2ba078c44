import { openingSchema, verifyOpening, type Opening } from '@recourse/protocol';
import { type CaseKey, placeOf } from '../../vault/vault.ts';
import type { ReadEntry } from '../entries/comparison.ts';
import type { PlacedEntry, SealedEntry } from './log-leaves.ts';

export interface SealedRow {
  readonly kid: string;
  readonly jti: string;
  readonly position: number;
  readonly party: string;
  readonly sanction: string | null;
  readonly opening: Uint8Array;
}

/** The opening as it was sealed, when it opens its entry under the salts of its own case. */
export function readOpening(row: SealedRow, caseKey: CaseKey | undefined): Opening | undefined {
  try {
    const json: unknown = caseKey
      ? caseKey.openJson(row.opening, placeOf('openings.opening', row))
      : JSON.parse(Buffer.from(row.opening).toString('utf8'));
    const opening = openingSchema.parse(json);
    verifyOpening(opening);
    return isOfRow(opening, row, caseKey) ? opening : undefined;
  } catch {
    // Not sealed by this key, not JSON, or no opening: nothing of it is told.
    return undefined;
  }
}

function isOfRow(
  { entry, sanction, party, refSalt, pairSalt }: Opening,
  row: SealedRow,
  caseKey: CaseKey | undefined,
): boolean {
  if (!caseKey) return 'detail' in entry;
  if (sanction !== row.sanction) return false;
  if ('ref' in entry) return refSalt === caseKey.salt('ref');
  return 'pair' in entry && party === row.party && pairSalt === caseKey.salt(`pair:${row.party}`);
}

export function readEntry({ index, entry }: PlacedEntry<SealedEntry>, opening: Opening): ReadEntry {
  const { type, at } = entry;
  const { sanction, party, detail = {} } = opening;
  const ack = 'ack' in entry ? entry.ack : undefined;
  return { index, type, at, detail, sanction, party, ack };
}
