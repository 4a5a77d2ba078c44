import { fromNumericDate, jcs, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { beforeClosesAt, refuseRotation } from '../../lookup/epochs/rotation.rules.ts';
import { newestEpoch } from '../../lookup/epochs/newest-epoch.ts';
import { insertRotation } from '../../lookup/epochs/store.ts';
import { logAct } from '../../parties/log-act.ts';
import { byTwoHolders } from '../../parties/two-holders.ts';

/** Announces the key of the next epoch, by two holders. From then on no server starts without its secret. */
export async function rotate(
  ctx: CallContext,
  { epoch, publicKey, opensAt: opens }: OpInput<'oprf.rotate'>,
): Promise<OpOutput<'oprf.rotate'>> {
  const opensAt = fromNumericDate(opens);
  const held = ctx.services.tokens.publicKeyOf(epoch) === publicKey;
  return byTwoHolders(ctx, {
    op: 'oprf.rotate',
    check: async () => {
      const facts = { now: ctx.now, newest: await newestEpoch(ctx), opensAt, held };
      const problem = refuseRotation({ epoch }, facts);
      if (problem) throw problem;
    },
    execute: async () => {
      const closes = beforeClosesAt(opensAt);
      const entry = logAct(ctx, 'oprf-epoch', {
        epoch,
        publicKey,
        opensAt: toTimestamp(opensAt),
        beforeClosesAt: toTimestamp(closes),
      });
      await insertRotation(ctx.db, {
        epoch,
        public_key: publicKey,
        announced_at: ctx.now,
        opens_at: opensAt,
        before_closes_at: closes,
        entry: jcs(entry),
      });
      return undefined;
    },
  });
}
