import { toTimestamp, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { keyLink } from '../../parties/directory.ts';
import { keysOf } from '../../parties/key-store.ts';
import { waitingEnrolments } from '../../parties/people-store.ts';

/** Own keys, and enrolments that wait for an admin key. */
export async function listOwnKeys({ caller, db }: CallContext): Promise<OpOutput<'keys.list'>> {
  const waiting = await waitingEnrolments(db, caller.party);
  return {
    keys: (await keysOf(db, caller.party)).map(keyLink),
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
