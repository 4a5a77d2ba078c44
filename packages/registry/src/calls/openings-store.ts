import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** A place in the list of openings. `txid` has 64 bits, so it stays text. */
export interface OpeningPlace {
  readonly txid: string;
  readonly seq: number;
}

export interface OwnOpeningRow extends OpeningPlace {
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
  { after, party, limit }: { party: string; after: OpeningPlace; limit: number },
): Promise<OwnOpeningRow[]> {
  const { txid, seq } = after;
  const { rows } = await sql<OwnOpeningRow>`
    select o.txid::text as txid, o.seq, o.kid, o.jti, o.position, o.sanction, o.opening,
      k.wrapped, c.sealed as call
    from openings o
    left join case_keys k on k.sanction = o.sanction
    left join kept_calls c on c.sanction = o.sanction and c.kid = o.kid and c.jti = o.jti and exists (
      select from recalls r join acknowledgements a on a.recall = r.id
      where r.sanction = o.sanction and r.party = o.party and a.kid = o.kid and a.jti = o.jti)
    where o.party = ${party} and (o.txid, o.seq) > (${txid}::text::xid8, ${seq})
      and (o.txid < pg_snapshot_xmin(pg_current_snapshot())
        or o.txid >= pg_snapshot_xmax(pg_current_snapshot()))
    order by o.txid, o.seq limit ${limit}`.execute(db);
  return rows;
}
