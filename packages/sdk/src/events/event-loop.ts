import type { EventType, Id } from '@recourse/protocol';
import { linkError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { pause } from '../transport/backoff.ts';
import { pollEvents, type PolledEvents } from './poll-events.ts';
import type { RecourseEvent } from './verify-event.ts';

/** Handlers of events, and the end of the loop. */
export interface EventLoopOptions {
  /** Handles one event. When it resolves, the loop acknowledges the event; when it rejects, the event comes again */
  readonly handle: (event: RecourseEvent) => Promise<void>;
  /** Ends the loop after the event being handled */
  readonly signal: AbortSignal;
  /** Seconds between polls while nothing waits */
  readonly intervalSeconds: number;
  /** Called for every failed poll, and for every event whose handler failed */
  readonly onError?: ((error: unknown, event?: RecourseEvent) => void) | undefined;
}

const batch = 64;

/** These call for an act, whatever became of the sanction meanwhile: they are not states that are overtaken. */
const duties: ReadonlySet<EventType> = new Set<EventType>([
  'appeal-opened',
  'evidence-requested',
  'notice-owed',
  'recall-reminder',
  'outcome-reminder',
  'retokenise-reminder',
  'echo-review',
  'question',
]);

/**
 * Polls until the signal aborts. Handles events of one sanction one by one, in the order of its versions, and drops a
 * state older than one seen before. Delivery is at least once, so make `handle` idempotent. After a failure the loop
 * waits, longer each time, and goes on.
 */
export async function eventLoop(session: Session, options: EventLoopOptions): Promise<void> {
  const { signal, intervalSeconds, onError } = options;
  let ack: readonly Id<'evt'>[] = [];
  let failures = 0;
  while (!signal.aborted) {
    try {
      const polled: PolledEvents = await pollEvents(session, { maxEvents: batch, ack, signal });
      const round = await handleAll(session, polled.events, options);
      ack = round.done;
      failures = round.failed ? failures + 1 : 0;
      if (!round.failed && (polled.moreAvailable || ack.length > 0)) continue;
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      linkError(error, session.origin);
      onError?.(error);
    }
    await pause(session, { failures, seconds: intervalSeconds, signal });
  }
}

interface Round {
  readonly done: Id<'evt'>[];
  readonly failed: boolean;
}

async function handleAll(
  session: Session,
  events: readonly RecourseEvent[],
  options: EventLoopOptions,
): Promise<Round> {
  const done: Id<'evt'>[] = [];
  let failed = false;
  for (const ofSanction of inOrder(events)) {
    for (const event of ofSanction) {
      if (options.signal.aborted) return { done, failed };
      // What comes after it must not be handled before it.
      if (!(await handleOne(session, event, options))) {
        failed = true;
        break;
      }
      done.push(event.id);
    }
  }
  return { done, failed };
}

async function handleOne(
  session: Session,
  event: RecourseEvent,
  { handle, onError }: EventLoopOptions,
): Promise<boolean> {
  const isCurrent = session.seen.see(event.sanction, event.body.version);
  if (!isCurrent && !duties.has(event.type)) return true;
  try {
    await handle(event);
    return true;
  } catch (error) {
    onError?.(error, event);
    return false;
  }
}

/** Groups events by sanction, each in the order of its versions; equal ones as they came. */
function inOrder(events: readonly RecourseEvent[]): RecourseEvent[][] {
  const bySanction = new Map<string, RecourseEvent[]>();
  for (const event of events) {
    const list = bySanction.get(event.sanction) ?? [];
    bySanction.set(event.sanction, [...list, event]);
  }
  return [...bySanction.values()].map((list) =>
    list.toSorted((a, b) => a.body.version - b.body.version),
  );
}
