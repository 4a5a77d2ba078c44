import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { ownPage, statusOf } from '../../submissions/own-page.ts';

/** States of own records, the newest first: no reason, no dates of the act, nobody who was told. */
export async function listOwnStates(
  ctx: CallContext,
  input: OpInput<'sanctions.states'>,
): Promise<OpOutput<'sanctions.states'>> {
  const { rows, next } = await ownPage(ctx, input);
  const states = rows.map((row) => ({
    ...statusOf(row, ctx.now),
    ...(row.ref === null ? {} : { ref: row.ref }),
  }));
  return { states, ...next };
}
