import { newId, toNumericDate, type EventBody } from '@recourse/protocol';
import type {
  CaseServices,
  OwedRecall,
  RecordChange,
  TransitionContext,
} from '../../records/transition-context.ts';
import type { SanctionRow } from '../../records/store.ts';
import { toldPlatforms } from '../recalls/store.ts';
import { insertEvents, type NewEvent } from './store.ts';

type EventContext = Pick<TransitionContext, 'db' | 'now'> & {
  readonly services: Pick<CaseServices, 'random'>;
};

type ToldChange = Pick<RecordChange, 'version' | 'cause' | 'tell'> & {
  readonly record: Pick<SanctionRow, 'id' | 'party'>;
  readonly owed?: { readonly recalls: readonly OwedRecall[] } | undefined;
};

/** Tells one platform. */
export const emit = (ctx: EventContext, event: Omit<NewEvent, 'id'>): Promise<void> =>
  emitEach(ctx, [event]);

/** Tells platforms, each its own. */
export const emitEach = (
  ctx: EventContext,
  events: readonly Omit<NewEvent, 'id'>[],
): Promise<void> =>
  insertEvents(
    ctx.db,
    events.map((event) => newEvent(ctx, event)),
    ctx.now,
  );

/**
 * Tells the submitter and every platform that was told of the sanction, each with its own recall where one
 * is owed. The caller holds the sanction FOR UPDATE.
 */
export async function tellAll(ctx: EventContext, change: ToldChange): Promise<void> {
  const { record, version, cause, tell: type, owed } = change;
  if (!type) return;
  const body: EventBody = { version, ...(cause === undefined ? {} : { cause }) };
  const told = (await toldPlatforms(ctx.db, [record.id])).get(record.id) ?? [];
  const recalls = new Map(owed?.recalls.map((recall) => [recall.party, recall]));
  const events = [record.party, ...told].map((party) => {
    const recall = recalls.get(party);
    return newEvent(ctx, {
      party,
      type,
      sanction: record.id,
      body: recall ? { ...body, recall: inBody(recall) } : body,
    });
  });
  await insertEvents(ctx.db, events, ctx.now);
}

const inBody = ({ id, kind, due_at }: OwedRecall) => ({
  id,
  kind,
  dueAt: toNumericDate(due_at),
});

const newEvent = (
  { now, services: { random } }: EventContext,
  event: Omit<NewEvent, 'id'>,
): NewEvent => ({ id: newId('evt', { now, random }), ...event });
