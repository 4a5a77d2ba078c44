import type { EventBody, EventType, Id } from '@recourse/protocol';

/** An event as its row says, addressed to one platform. */
export interface WaitingEvent {
  readonly id: Id<'evt'>;
  readonly party: Id<'plt'>;
  readonly type: EventType;
  readonly sanction: Id<'snc'>;
  readonly body: EventBody;
  readonly at: Date;
}
