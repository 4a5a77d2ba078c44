import { Problem, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { lockDue, looking } from '../../review/assigned-dispute.ts';
import { lockHolder } from '../../review/assignment-store.ts';
import { assignSecond, eligibleDisputes } from '../../review/dispute-store.ts';

/** Looked at in one call at most: each is locked, and some were taken since they were listed. */
const mostTried = 8;

/** Assigned, not picked: what was disputed first, of records that the caller may judge and is new to. */
export async function recheck(ctx: CallContext): Promise<OpOutput<'evidence.recheck'>> {
  const { db, now, caller } = ctx;
  const { holder } = caller;
  await lockHolder(db, holder);
  const of = looking(ctx);
  for (const { review, item, sanction } of await eligibleDisputes(db, {
    ...of,
    limit: mostTried,
  })) {
    await lockDue(ctx, sanction);
    const [still] = await eligibleDisputes(db, { ...of, limit: 1, only: { review, item } });
    if (!still) continue;
    await assignSecond(db, { review, item, second: holder, at: now });
    return { appeal: review, item, sanction };
  }
  throw new Problem('not-found', { detail: 'no disputed item waits' });
}
