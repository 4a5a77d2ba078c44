import {
  newId,
  toNumericDate,
  type EventBody,
  type EventType,
  type Id,
  type RecallKind,
} from '@recourse/protocol';
import type { CallContext, CaseServices } from '../../context/context.ts';
import { toldPlatforms } from '../recalls/store.ts';
import { insertEvents, type NewEvent } from './store.ts';

type Emitting = Pick<CallContext, 'db' | 'now'> & {
  readonly services: Pick<CaseServices, 'random'>;
};

export interface EmittedRecall {
  readonly id: Id<'rcl'>;
  readonly party: string;
  readonly kind: RecallKind;
  readonly due_at: Date;
}

/** Tells one platform. */
export const emit = (acting: Emitting, event: Omit<NewEvent, 'id'>): Promise<void> =>
  emitEach(acting, [event]);

/** Tells platforms, each its own. */
export const emitEach = (
  acting: Emitting,
  events: readonly Omit<NewEvent, 'id'>[],
): Promise<void> =>
  insertEvents(
    acting.db,
    events.map((event) => newEvent(acting, event)),
    acting.now,
  );

/**
 * Tells the submitter and every platform that was told of the sanction, each with its own recall where one
 * is owed. The caller holds the sanction FOR UPDATE.
 */
export async function emitToAll(
  acting: Emitting,
  event: {
    record: { id: string; party: string };
    type: EventType;
    body: EventBody;
    recalls?: readonly EmittedRecall[];
  },
): Promise<void> {
  const { record, type, body, recalls = [] } = event;
  const told = (await toldPlatforms(acting.db, [record.id])).get(record.id) ?? [];
  const owed = new Map(recalls.map((recall) => [recall.party, recall]));
  const events = [record.party, ...told].map((party) => {
    const recall = owed.get(party);
    return newEvent(acting, {
      party,
      type,
      sanction: record.id,
      body: recall ? { ...body, recall: inBody(recall) } : body,
    });
  });
  await insertEvents(acting.db, events, acting.now);
}

const inBody = ({ id, kind, due_at }: EmittedRecall) => ({
  id,
  kind,
  dueAt: toNumericDate(due_at),
});

const newEvent = (
  { now, services: { random } }: Emitting,
  event: Omit<NewEvent, 'id'>,
): NewEvent => ({ id: newId('evt', { now, random }), ...event });
