import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { findSanction, wasTold } from '../../records/store.ts';
import { statusOf } from '../../submissions/own-page.ts';

/** A record that the caller was told of, as it stands. */
export async function statusOfSanction(
  ctx: CallContext,
  { sanction }: OpInput<'sanctions.status'>,
): Promise<OpOutput<'sanctions.status'>> {
  const told = await wasTold(ctx.db, { sanction, party: ctx.caller.party });
  const row = found(await findSanction(ctx.db, sanction), () => told);
  return statusOf(row, ctx.now);
}
