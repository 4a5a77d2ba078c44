import {
  eventOf,
  isId,
  peekArtefact,
  securityEventSchema,
  verifySignature,
  type EventBody,
  type EventType,
  type Id,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';

/** Something that happened to a sanction the own party submitted or was told of. */
export interface RecourseEvent {
  /** Id of the event, to acknowledge it by */
  readonly id: Id<'evt'>;

  /** Kind of the event */
  readonly type: EventType;

  /** The record that it happened to */
  readonly sanction: Id<'snc'>;
  /** Version of the sanction, and the appeal or recall where there is one */
  readonly body: EventBody;

  /** When it happened */
  readonly at: Date;
}

/**
 * Verifies one security event token (RFC 8417): signed by a key that the registry announced for events, for this party,
 * about one case. Anything else could be anybody's word.
 * @throws RecourseError `event-invalid`, `registry-key-invalid`
 */
export function verifyEvent(
  session: Session,
  set: { id: string; compact: string },
): Promise<RecourseEvent> {
  return failAs('event-invalid', async () => {
    const { jws, payload } = peekArtefact(set.compact, {
      typ: 'secevent+jwt',
      schema: securityEventSchema,
    });
    await verifySignature(jws, await session.registry.eventKey(jws.kid), session.verify);
    if (payload.iss !== session.origin || payload.aud !== session.party) throw invalid();
    const { jti, txn, sub_id: subject } = payload;
    // Acknowledged by the name it is listed under: another one would end another event.
    if (!isId('evt', set.id) || jti !== set.id || txn !== subject.id) throw invalid();
    if (Object.keys(payload.events).length !== 1) throw invalid();
    const { type, body } = eventOf(payload);
    return { id: jti, type, sanction: txn, body, at: new Date(payload.iat * 1000) };
  });
}

const invalid = (): RecourseError => new RecourseError('event-invalid');
