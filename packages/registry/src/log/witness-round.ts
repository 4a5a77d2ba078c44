import type { LoggedWitnessPolicy } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import { servedSize } from './served-store.ts';
import { newestCheckpoint, type StoredCheckpoint } from './store.ts';
import { askedWitnesses, newestPolicy, type AskedWitness } from './witness-store.ts';

/** The checkpoint that witnesses are to be asked about, and what they have done so far. */
export interface WitnessRound {
  readonly newest: StoredCheckpoint;
  /** Size of the newest checkpoint that is served, 0 before the first */
  readonly served: number;
  readonly policy: LoggedWitnessPolicy;
  readonly witnesses: readonly AskedWitness[];
}

/** @returns undefined before the first checkpoint */
export async function readWitnessRound(db: Db, now: Date): Promise<WitnessRound | undefined> {
  const [newest, served, policy, witnesses] = await Promise.all([
    newestCheckpoint(db),
    servedSize(db),
    newestPolicy(db),
    askedWitnesses(db, now),
  ]);
  const none = { threshold: 0, witnesses: [] };
  return newest && { newest, served, policy: policy?.detail ?? none, witnesses };
}
