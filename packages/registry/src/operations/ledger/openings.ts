import {
  idSchema,
  openingSchema,
  type OpInput,
  type OpOutput,
  type OwnOpening,
} from '@recourse/protocol';
import {
  openingsOfParty,
  type OpeningPlace,
  type OwnOpeningRow,
} from '../../calls/openings-store.ts';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { placeOf, type Place } from '../../vault/vault.ts';

const pageSize = 50;

/**
 * Everything that the ledger says of the caller's party, with what opens it. A page that is not empty has a `next`,
 * from which a later call goes on with what came since.
 */
export async function listOwnOpenings(
  ctx: CallContext,
  { cursor, limit = pageSize }: OpInput<'ledger.openings'>,
): Promise<OpOutput<'ledger.openings'>> {
  const { party } = ctx.caller;
  const rows = await openingsOfParty(ctx.db, { party, after: readCursor(cursor), limit });
  const last = rows.at(-1);
  return {
    openings: rows.map((row) => toOwnOpening(ctx, row)),
    ...(last ? { next: `${last.txid}-${last.seq}` } : {}),
  };
}

function toOwnOpening({ services }: Pick<CallContext, 'services'>, row: OwnOpeningRow): OwnOpening {
  const { sanction, wrapped, opening, call } = row;
  if (sanction === null)
    return { opening: read(JSON.parse(Buffer.from(opening).toString('utf8'))) };
  if (wrapped === null) return { erased: idSchema('snc').parse(sanction) };
  const caseKey = services.vault.openCase({ sanction, wrapped });
  return {
    opening: read(caseKey.openJson(opening, placeOf('openings.opening', row))),
    ...(call === null
      ? {}
      : { call: caseKey.open(call, placeOfCall(row, sanction)).toString('utf8') }),
  };
}

const placeOfCall = ({ kid, jti }: OwnOpeningRow, sanction: string): Place =>
  placeOf('kept_calls.sealed', { sanction, kid, jti });

const read = (json: unknown) => openingSchema.parse(json);

const start: OpeningPlace = { txid: '0', seq: 0 };

const beyond = 2n ** 63n;

function readCursor(cursor: string | undefined): OpeningPlace {
  if (cursor === undefined) return start;
  const [, txid = '', seq = ''] = /^(\d{1,19})-(\d{1,15})$/.exec(cursor) ?? [];
  // A number that is too large for the database would be an error of ours.
  if (txid === '' || BigInt(txid) >= beyond) throw invalid('cursor', 'unknown');
  return { txid, seq: Number(seq) };
}
