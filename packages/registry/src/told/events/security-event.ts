import {
  eventUri,
  signCompact,
  toNumericDate,
  type EventBody,
  type EventType,
  type Id,
  type SecurityEvent,
} from '@recourse/protocol';
import type { Services } from '../../context/context.ts';

/** An event as its row says, addressed to one platform. */
export interface WaitingEvent {
  readonly id: Id<'evt'>;
  readonly party: Id<'plt'>;
  readonly type: EventType;
  readonly sanction: Id<'snc'>;
  readonly body: EventBody;
  readonly at: Date;
}

/** `secevent+jwt`, by the key that signs nothing else. */
export const signEvent = (
  { eventSigner, origin }: Pick<Services, 'eventSigner' | 'origin'>,
  event: WaitingEvent,
): Promise<string> => signCompact(eventSigner, 'secevent+jwt', securityEvent(origin, event));

/** Everything in it comes from its row: signed as often as it is polled, it says the same. */
const securityEvent = (origin: string, event: WaitingEvent): SecurityEvent => ({
  iss: origin,
  aud: event.party,
  iat: toNumericDate(event.at),
  jti: event.id,
  txn: event.sanction,
  sub_id: { format: 'opaque', id: event.sanction },
  events: { [eventUri(event.type)]: event.body },
});
