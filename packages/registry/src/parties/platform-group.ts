import { invalid } from '../kernel/refusal.ts';

/** Groups that are no platforms': the operator and the panel belong to none. */
const reservedGroups: ReadonlySet<string> = new Set(['operator', 'panel']);

export function assertPlatformGroup(path: string, group: string): void {
  if (reservedGroups.has(group)) throw invalid(path, 'reserved');
}
