import {
  eventUri,
  signCompact,
  toNumericDate,
  type OpInput,
  type OpOutput,
  type SecurityEvent,
} from '@recourse/protocol';
import type { CallContext, Services } from '../../context/context.ts';
import {
  ackEvents,
  addRefusals,
  waitingEvents,
  type WaitingEvent,
} from '../../told/events/store.ts';

/** `secevent+jwt`, by the key that signs nothing else. */
const signEvent = (
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

const mostEvents = 64;

/**
 * Poll-based delivery (RFC 8936): what was acknowledged is not sent again, all else is, in order. Receiving
 * an event is no more than that: what a recall asks for is acknowledged by `recalls.acknowledge` alone.
 *
 * `returnImmediately` changes nothing, as every poll returns at once. Errors that a receiver reports are
 * counted; their events stay.
 */
export async function poll(
  ctx: CallContext,
  { maxEvents = mostEvents, ack = [], setErrs = {} }: OpInput<'events.poll'>,
): Promise<OpOutput<'events.poll'>> {
  const { db, now, services } = ctx;
  const { party } = ctx.caller;
  const failed = Object.keys(setErrs).length;
  // In both lists: the receiver did not take it.
  const taken = ack.filter((id) => !Object.hasOwn(setErrs, id));
  await ackEvents(db, { party, ids: taken, at: now });
  if (failed > 0) await addRefusals(db, { party, n: failed, at: now });
  const waiting = await waitingEvents(db, { party, limit: maxEvents + 1 });
  const sent = waiting.slice(0, maxEvents);
  const sets = await Promise.all(
    sent.map(async (event) => [event.id, await signEvent(services, event)] as const),
  );
  return { sets: Object.fromEntries(sets), moreAvailable: waiting.length > maxEvents };
}
