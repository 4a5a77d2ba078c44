import { utf8 } from '@recourse/protocol';
import { placeOf, type Place } from './sealed-columns.ts';
import type { CaseKey } from './vault.ts';

/** Words of a case as they are stored: UTF-8, sealed under its key. */
export const sealText = (caseKey: CaseKey, text: string, place: Place): Buffer =>
  caseKey.seal(utf8(text), place);

/** Of an erased text nothing. */
export const openText = (caseKey: CaseKey, sealed: Uint8Array, place: Place): string =>
  sealed.length === 0 ? '' : caseKey.open(sealed, place).toString('utf8');

/** A file of a creator as it was sealed. */
interface CaseFile {
  name: string;
  mediaType: string;
  /** base64url */
  bytes: string;
}

export const openFile = (
  caseKey: CaseKey,
  row: { readonly appeal: string; readonly position: number; readonly sealed: Uint8Array },
): CaseFile => caseKey.openJson(row.sealed, placeOf('case_files.sealed', row)) as CaseFile;
