import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { liveIn } from '../../context/live-epochs.ts';
import { untokenisedOf } from '../../lookup/epochs/store.ts';
import { standingOf } from '../../records/record.ts';
import { cursorId, cursorOf } from '../../submissions/views.ts';

/**
 * Lists what is still to be given tokens, with all that the platform needs for it but the identifiers, which it alone
 * has.
 */
export async function listUntokenised(
  ctx: CallContext,
  { cursor, limit = 50 }: OpInput<'sanctions.untokenised'>,
): Promise<OpOutput<'sanctions.untokenised'>> {
  const { newest: epoch } = liveIn(ctx);
  const after = cursor === undefined ? undefined : cursorId(cursor);
  const { party } = ctx.caller;
  const rows = await untokenisedOf(ctx.db, { party, epoch, after, limit });
  const sanctions = rows.map((row) => ({
    sanction: row.id,
    state: standingOf(row, ctx.now).state,
    reason: row.reason,
    ...(row.ref === null ? {} : { ref: row.ref }),
    epoch: row.epoch,
    ...(row.tokens_until ? { closesAt: toTimestamp(row.tokens_until) } : {}),
    subjects: row.subjects,
  }));
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { epoch, sanctions, ...(last ? { next: cursorOf(last.id) } : {}) };
}
