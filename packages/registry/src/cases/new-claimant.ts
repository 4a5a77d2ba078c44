import { caseKey, newId } from '@recourse/protocol';
import { invalid } from '../kernel/refusal.ts';
import { isTaken } from '../review/claimant-store.ts';
import type { CaseContext } from './context.ts';
import { lockKey } from './find-store.ts';
import { assertPlainKey } from './secrets.ts';

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
