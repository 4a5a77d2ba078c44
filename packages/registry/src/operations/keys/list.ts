import {
  fromNumericDate,
  Problem,
  toTimestamp,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { keyLink } from '../../parties/directory.ts';
import { keysOf, liveSignedBy } from '../../parties/key-store.ts';
import { waitingEnrolments } from '../../parties/people-store.ts';

/** Own keys, and enrolments that wait for an admin key; with what one of the keys signed, if asked. */
export async function listOwnKeys(
  { caller, db, now }: CallContext,
  { signedBy }: OpInput<'keys.list'>,
): Promise<OpOutput<'keys.list'>> {
  const waiting = await waitingEnrolments(db, caller.party);
  const keys = (await keysOf(db, caller.party)).map(keyLink);
  if (signedBy && !keys.some(({ kid }) => kid === signedBy.kid)) throw new Problem('not-found');
  const since = signedBy && fromNumericDate(signedBy.since);
  return {
    ...(since && { signed: (await liveSignedBy(db, { kid: signedBy.kid, since, now })).length }),
    keys,
    waiting: waiting.map(({ kid, holder, role, admin, enrolment, enrolled_at: at }) => ({
      kid,
      holder,
      role,
      admin,
      enrolment,
      enrolledAt: toTimestamp(at),
    })),
  };
}
