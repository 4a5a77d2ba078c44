import type { EntryDetail, PublicEntryType } from '@recourse/protocol';
import type { Services } from '../../context/context.ts';
import type { CaseServices } from '../../records/transition-context.ts';
import type { Db } from '../../kernel/database.ts';
import type { KnownCases } from './known-cases.ts';
import type { RecoveryCounts } from '../../schema/recovery-counts.ts';
import type { PublicEntry, Tail } from './tail.ts';

/** The services of a registry that a recovery takes. */
export type RecoveryServices = Pick<Services, 'db' | 'origin' | 'clock' | keyof CaseServices>;

/** One change of the tail, in its transaction. */
export interface ApplyContext {
  readonly db: Db;
  readonly now: Date;
  readonly services: RecoveryServices;
  readonly tail: Tail;
  readonly cases: KnownCases;
  /** Counted up, and written with the change */
  readonly counts: RecoveryCounts;
}

/** Does again what one public entry did. */
export type Apply<T extends PublicEntryType> = (
  detail: EntryDetail<T>,
  entry: PublicEntry,
  applying: ApplyContext,
) => Promise<void>;

/**
 * An entry tells the second. Its end is taken: nothing is then dated before what it followed, and no hold is shorter
 * than it was.
 */
export const instantOf = ({ at }: { readonly at: string }): Date =>
  new Date(Math.floor(Date.parse(at) / 1_000) * 1_000 + 999);
