import { caseKey, newId } from '@recourse/protocol';
import { invalid } from '../kernel/refusal.ts';
import { isTaken } from '../review/claimant-store.ts';
import type { CaseContext } from './context.ts';
import { lockKey } from './find-store.ts';

/** Found cases open with the new key and a number behind it; the schema of a secret has three digits for it. */
export const mostFound = 999;

export const foundKey = (newKey: string, n: number): string => caseKey(`${newKey}.${n}`);

/**
 * A new key is chosen by the client. One with a number behind it would open nothing once it got another.
 * @throws Problem `invalid-input`
 */
export function assertPlainKey(newKey: string): void {
  if (newKey.includes('.')) throw invalid('newKey', 'numbered');
}

export const newClaimantId = ({ now, services }: Pick<CaseContext, 'now' | 'services'>) =>
  newId('clm', { now, random: services.random });

/** A secret that opens something already, or a code, would open two cases. */
export async function freshKey({ db }: CaseContext, newKey: string): Promise<string> {
  assertPlainKey(newKey);
  const hash = caseKey(newKey);
  await lockKey(db, hash);
  if (await isTaken(db, hash)) throw invalid('newKey', 'used');
  return hash;
}
