import {
  idSchema,
  openingSchema,
  type OpInput,
  type OpOutput,
  type OwnOpening,
} from '@recourse/protocol';
import { sql } from 'kysely';
import { placeOf, type Place } from '../vault/vault.ts';
import type { CallContext } from '../context/context.ts';
import { invalid } from '../kernel/refusal.ts';
import type { Db } from '../kernel/database.ts';

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

/** A place in the list of openings. `txid` has 64 bits, so it stays text. */
export interface OpeningPlace {
  readonly txid: string;
  readonly seq: number;
}

interface OwnOpeningRow extends OpeningPlace {
  readonly kid: string;
  readonly jti: string;
  readonly position: number;
  readonly sanction: string | null;
  readonly opening: Uint8Array;
  /** Key of its case; none of a public entry, and of an erased case */
  readonly wrapped: Uint8Array | null;
  /** The kept call, of acknowledgements only: others may be of any length */
  readonly call: Uint8Array | null;
}

/**
 * Openings of a party in the order of the transactions that wrote them, and of their rows within one.
 *
 * Only of transactions that are older than every one that runs: a row whose transaction began before another's and
 * commits after it would else come to stand before a place that was handed out already, and never be read. What
 * waits for them is on a later page. A transaction that this cluster has not begun yet is of the cluster that the
 * database was dumped from, and runs no more.
 */
export async function openingsOfParty(
  db: Db,
  of: { party: string; after: OpeningPlace; limit: number },
): Promise<OwnOpeningRow[]> {
  const { txid, seq } = of.after;
  const { rows } = await sql<OwnOpeningRow>`
    select o.txid::text as txid, o.seq, o.kid, o.jti, o.position, o.sanction, o.opening,
      k.wrapped, c.sealed as call
    from openings o
    left join case_keys k on k.sanction = o.sanction
    left join audit a on a.kid = o.kid and a.jti = o.jti and a.op = 'recalls.acknowledge'
    left join kept_calls c on c.sanction = o.sanction and c.kid = a.kid and c.jti = a.jti
    where o.party = ${of.party} and (o.txid, o.seq) > (${txid}::text::xid8, ${seq})
      and (o.txid < pg_snapshot_xmin(pg_current_snapshot())
        or o.txid >= pg_snapshot_xmax(pg_current_snapshot()))
    order by o.txid, o.seq limit ${of.limit}`.execute(db);
  return rows;
}
