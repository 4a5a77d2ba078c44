import { caseKey } from '@recourse/protocol';
import { invalid } from '../kernel/refusal.ts';

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
