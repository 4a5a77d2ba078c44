import { openingSchema, type Opening, type OpInput, type OpOutput } from '@recourse/protocol';
import { findOpenings } from '../../commit/store.ts';
import type { CallContext } from '../../context/context.ts';
import { placeOf } from '../../vault/vault.ts';

/** Reads what an own call changed, for as long as its case is kept. */
export async function changesOfCall(
  ctx: CallContext,
  { jti }: OpInput<'calls.changes'>,
): Promise<OpOutput<'calls.changes'>> {
  const rows = await findOpenings(ctx.db, { party: ctx.caller.party, jti });
  return { changes: rows.map((row) => readOpening(ctx, row)).filter((o) => o !== undefined) };
}

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
