import { utf8 } from '@recourse/protocol';
import type { CaseKey } from '../cases/vault.ts';

/** Words of a case as they are stored: UTF-8, sealed under its key. */
export const sealText = (caseKey: CaseKey, text: string): Buffer => caseKey.seal(utf8(text));

export const openText = (caseKey: CaseKey, sealed: Uint8Array): string =>
  caseKey.open(sealed).toString('utf8');
