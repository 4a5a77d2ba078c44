import { toTimestamp, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { newestEpoch } from '../../lookup/epochs/newest-epoch.ts';
import { opensWithin } from '../../lookup/epochs/rotation.rules.ts';

/** The epoch that may be announced next. Nothing is made: whoever runs the servers makes its secret. */
export async function nextEpoch(ctx: CallContext): Promise<OpOutput<'oprf.next'>> {
  const newest = await newestEpoch(ctx);
  const epoch = newest.epoch + 1;
  const publicKey = ctx.services.tokens.publicKeyOf(epoch);
  const { from, until } = opensWithin(newest, ctx.now);
  return {
    epoch,
    ...(publicKey === undefined ? {} : { publicKey }),
    opensFrom: toTimestamp(from),
    opensUntil: toTimestamp(until),
  };
}
