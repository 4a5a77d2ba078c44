import { quarterOf, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { demandDetail } from '../../parties/demand-detail.ts';
import { freshId } from '../../parties/fresh-id.ts';
import { insertDemand } from '../../parties/membership-store.ts';

/**
 * A check or record at an authority's demand is refused by the member and reported: received, complied, refused,
 * in counts. Where it is delayed, nobody reads of it before its day, in the ledger neither.
 */
export async function reportDemand(
  ctx: CallContext,
  input: OpInput<'parties.demand'>,
): Promise<OpOutput<'parties.demand'>> {
  const { delayDays = 0, ...counts } = input;
  if (counts.complied + counts.refused > counts.received) throw invalid('received', 'too-few');
  if (counts.quarter > quarterOf(ctx.now)) throw invalid('quarter', 'in-the-future');
  const publish_at = addDays(ctx.now, delayDays);
  const id = freshId('dmd', ctx);
  const { party } = ctx.caller;
  const row = { ...counts, id, party, at: ctx.now, publish_at, logged: delayDays === 0 };
  await insertDemand(ctx.db, row);
  if (row.logged) ctx.changes.public('authority-demand', demandDetail(row));
  return { id, publishedAt: toTimestamp(publish_at) };
}
