import type { Id } from '@recourse/protocol';
import type { Session } from '../session/session.ts';
import { verifyEvent, type RecourseEvent } from './verify-event.ts';

/** Options of one poll. */
export interface PollOptions {
  /** 0..256; 0 only acknowledges */
  readonly maxEvents?: number | undefined;
  /** Ids of handled events, which the registry then forgets */
  readonly ack?: readonly Id<'evt'>[] | undefined;

  /** Ends the poll */
  readonly signal?: AbortSignal | undefined;
}

/** The events of one poll, each verified. */
export interface PolledEvents {
  /** In the registry's order */
  readonly events: readonly RecourseEvent[];

  /** Whether to poll again at once */
  readonly moreAvailable: boolean;
}

/**
 * Asks once for events (RFC 8936) and verifies each. One that does not verify fails the whole poll, and the others come
 * again.
 * @throws RecourseError `event-invalid`, `registry-key-invalid`
 */
export async function pollEvents(
  session: Session,
  options: PollOptions = {},
): Promise<PolledEvents> {
  const { maxEvents, ack, signal } = options;
  const { result } = await session.transport.send(
    'events.poll',
    {
      returnImmediately: true,
      ...(maxEvents === undefined ? {} : { maxEvents }),
      ...(ack === undefined || ack.length === 0 ? {} : { ack: [...ack] }),
    },
    { signal },
  );
  const events = await Promise.all(
    Object.entries(result.sets).map(([id, compact]) => verifyEvent(session, { id, compact })),
  );
  return { events, moreAvailable: result.moreAvailable };
}
