import { utf8 } from '@recourse/protocol';
import type { CaseKey } from '../cases/vault.ts';

/** Words of a case as they are stored: UTF-8, sealed under its key. */
export const sealText = (caseKey: CaseKey, text: string): Buffer => caseKey.seal(utf8(text));

/** Of an erased text nothing. */
export const openText = (caseKey: CaseKey, sealed: Uint8Array): string =>
  sealed.length === 0 ? '' : caseKey.open(sealed).toString('utf8');
