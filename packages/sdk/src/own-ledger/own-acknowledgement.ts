import {
  hashText,
  openKeptCall,
  parseCompact,
  ProtocolError,
  toNumericDate,
  type ChainedKey,
  type CallPayload,
} from '@recourse/protocol';
import { isRecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import type { OwnEntry } from './own-openings.ts';

/**
 * Whether a `recall-acknowledged` is a call that a key of the own party signed. The registry alone could log one for
 * a recall that nobody answered: it has every salt, and has to show the call that `ack` is the hash of.
 */
export async function isOwnAcknowledgement(
  session: Pick<Session, 'party' | 'origin' | 'parties' | 'verify'>,
  { opening, call }: OwnEntry,
): Promise<boolean> {
  const { entry, detail } = opening;
  if (call === undefined || !('ack' in entry) || hashText(call) !== entry.ack) return false;
  const { party, origin, verify } = session;
  try {
    const key = await session.parties.key(party, parseCompact(call).kid);
    const payload = await openKeptCall(call, { jwk: key.jwk, verify });
    const { iss, aud, op, in: said } = payload;
    const isThisAct = iss === party && aud === origin && op === 'recalls.acknowledge';
    const members = ['recall', 'action', 'copies'] as const;
    return (
      isThisAct &&
      !isRevokedBefore(payload, key) &&
      members.every((member) => said[member] !== undefined && said[member] === detail?.[member])
    );
  } catch (error) {
    if (error instanceof ProtocolError || isForeign(error)) return false;
    throw error;
  }
}

const isRevokedBefore = ({ iat }: CallPayload, { revoked }: ChainedKey): boolean =>
  revoked !== undefined && iat > toNumericDate(new Date(revoked.at));

/** The key is none of the own party, or one that nobody else is shown. */
const isForeign = (error: unknown): boolean =>
  isRecourseError(error, 'chain-invalid') || isRecourseError(error, 'not-logged');
