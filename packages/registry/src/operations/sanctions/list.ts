import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { ownPage } from '../../submissions/own-page.ts';
import { recordOf } from '../../submissions/views.ts';
import { countTold } from '../../told/recalls/store.ts';
import { weekStart } from '../../told/recalls/told-number.rules.ts';

/** Own records, the newest first. */
export async function listOwnSanctions(
  ctx: CallContext,
  input: OpInput<'sanctions.list'>,
): Promise<OpOutput<'sanctions.list'>> {
  const { rows, next } = await ownPage(ctx, input);
  const told = await countTold(
    ctx.db,
    rows.map(({ id }) => id),
    { before: weekStart(ctx.now) },
  );
  const sanctions = rows.map((row) => {
    const { statement: _, ...record } = recordOf(row, {
      now: ctx.now,
      told: told.get(row.id) ?? 0,
    });
    return record;
  });
  return { sanctions, ...next };
}
