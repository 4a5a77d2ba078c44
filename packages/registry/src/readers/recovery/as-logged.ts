import {
  newId,
  type Entry,
  type EventType,
  type HistoryEvent,
  type RecallKind,
} from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import { tellAll } from '../../told/events/emit.ts';
import { insertRecalls } from '../../told/recalls/store.ts';
import type { SanctionRow } from '../../records/store.ts';
import { nextVersion } from '../../records/transition.ts';
import type { ApplyContext } from './applying.ts';

/** The cause of what only the log says, and of what nothing says any more. */
export const restored = 'restore';

export type SanctionEntry = Extract<Entry, { ref: string }>;

/** A sanction, locked, and the entry of what happened to it. */
export interface RecordEntry extends ApplyContext {
  readonly record: SanctionRow;
  readonly entry: SanctionEntry;
  /** Whom the change owed a recall */
  readonly told: readonly string[];
  /** The log says where it was an order; of anything else nobody knows the cause */
  readonly cause: typeof restored | 'order';
  /** When it was made */
  readonly at: Date;
}

/**
 * A step in the life of a sanction that the log has already: its next version, its line in the history, a recall with
 * the deadline that it had for each platform that the log says it was issued to, and an event. No entry: it would
 * be logged twice. The ids of the recalls are new, since those that were issued are lost.
 */
export async function transitionAsLogged(
  logged: RecordEntry,
  step: { event: HistoryEvent; recall?: RecallKind; tell?: EventType },
): Promise<void> {
  const { db, record, at, told, cause, services, counts } = logged;
  const { event, recall: kind, tell } = step;
  const { id: sanction } = record;
  const version = await nextVersion(db, record, { event, cause, at });
  const due = dueAt(at, services.deadlines.recallHours);
  const issued = { sanction, version, issued_at: at, due_at: due };
  const recalls = told.flatMap((party) => {
    if (kind === undefined) return [];
    return { ...issued, id: newId('rcl', { now: at, random: services.random }), party, kind };
  });
  await insertRecalls(db, recalls);
  counts.recalls += recalls.length;
  await tellAll(logged, { record, version, cause, tell, owed: { recalls } });
}
