import { openingSchema, type Opening } from '@recourse/protocol';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CallContext } from '../context.ts';
import { implement } from '../procedure.ts';
import { findOpenings } from './store.ts';

export const calls = {
  changes: implement('calls.changes', async (ctx, { jti }) => {
    const rows = await findOpenings(ctx.db, { party: ctx.caller.party, jti });
    return { changes: rows.map((row) => readOpening(ctx, row)).filter((o) => o !== undefined) };
  }),
};

type OpeningRow = Awaited<ReturnType<typeof findOpenings>>[number];

/** Whole for the caller, the bare entry where it names another party, nothing once the case is erased. */
function readOpening(ctx: CallContext, row: OpeningRow): Opening | undefined {
  const { sanction, wrapped } = row;
  if (sanction !== null && wrapped === null) return undefined;
  const opening = openingSchema.parse(
    sanction !== null && wrapped
      ? ctx.services.vault
          .openCase({ sanction, wrapped })
          .openJson(row.opening, placeOf('openings.opening', row))
      : JSON.parse(Buffer.from(row.opening).toString('utf8')),
  );
  return row.party === ctx.caller.party ? opening : { entry: opening.entry };
}
