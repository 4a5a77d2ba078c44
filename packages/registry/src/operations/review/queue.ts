import { toTimestamp, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { namesOf, type RecordName } from '../../records/names-store.ts';
import { assignmentsOfHolder, countWaiting } from '../../review/assignment-store.ts';
import { viewReview } from '../../review/view-review.ts';

/** Own assignments, and how much waits. */
export async function readQueue(ctx: CallContext): Promise<OpOutput<'review.queue'>> {
  const { db, now, caller } = ctx;
  const of = { holder: caller.holder, now };
  const assigned = await Promise.all(
    (await assignmentsOfHolder(db, of)).map(async ({ review, at, keyed_at, batch }) => ({
      ...(await viewReview(ctx, review)),
      claimedAt: toTimestamp(at),
      keyed: keyed_at !== null,
      batch,
    })),
  );
  // Nobody reads of a case before they took it: else they could choose among cases.
  const names = await namesOf(
    db,
    assigned.filter(({ keyed }) => keyed),
  );
  const claims = assigned.map((claim) => ({ ...claim, ...aboutOf(names.get(claim.sanction)) }));
  const { oldest, ...waiting } = await countWaiting(db, of);
  return {
    claims,
    waiting: { ...waiting, ...(oldest ? { oldest: toTimestamp(new Date(oldest)) } : {}) },
  };
}

const aboutOf = (name: RecordName | undefined) =>
  name ? { about: { reason: name.reason, platform: name.platform } } : {};
