import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import { serviceRole } from '../../migrations/grants.ts';
import type { CellValues, FoldPlace } from '../../schema/report-fold.ts';

/** What a record adds to the figures of the log. */
export interface FoldedCase {
  readonly sanction: string;
  readonly opened: number;
  readonly keyless: number;
  readonly counts: readonly CellValues[];
}

/** For this transaction: whoever logged in reads and writes what a server may. */
export async function actAsService(trx: Db): Promise<void> {
  await sql`set local role ${sql.id(serviceRole)}`.execute(trx);
}

/** Database cluster and recoveries: after a copy was restored, nothing is known of what was counted. */
export async function readOrigin(db: Db): Promise<string> {
  const { rows } = await sql<{ origin: string }>`
    select system_identifier || ' ' || (select count(*) from ledger_recoveries) as origin
    from pg_control_system()`.execute(db);
  return rows[0]!.origin;
}

/** @returns the place that was kept, where it is of these rules and of this log */
export async function readPlace(db: Db, basis: string): Promise<FoldPlace | undefined> {
  const { rows } = await sql<{ place: FoldPlace }>`
    select f.place from report_fold f
    where f.basis = ${basis}
      and (f.place->>'txid')::xid8 <= pg_snapshot_xmax(pg_current_snapshot())
      and coalesce((
        select encode(l.leaf, 'hex') from ledger_entries l
        where l.index = (f.place->>'size')::bigint - 1), '') = f.place->>'leaf'`.execute(db);
  return rows[0]?.place;
}

/** Whoever has it counts: another one waits, and then goes on from where this one ended. */
export async function lockFold(db: Db): Promise<void> {
  await sql`select from report_fold for update`.execute(db);
}

export async function dropFold(db: Db): Promise<void> {
  for (const table of ['report_cases', 'report_cells', 'report_fold'] as const)
    await db.deleteFrom(table).execute();
}

/** @param fold.upto transactions before this one are counted in each of the cases */
export async function writeFold(
  db: Db,
  fold: {
    basis: string;
    place: FoldPlace;
    changes: readonly CellValues[];
    cases: readonly FoldedCase[];
    upto: string;
  },
): Promise<void> {
  const { basis, place, changes, cases, upto } = fold;
  await sql`insert into report_fold (basis, place) values (${basis}, ${JSON.stringify(place)}::text::jsonb)
    on conflict (singleton) do update set basis = excluded.basis, place = excluded.place`.execute(
    db,
  );
  const changed = sql`select c->>0 as figure, c->>1 as party, c->>2 as reason, c->>3 as period,
    (c->>4)::integer as days, (c->>5)::integer as n
    from jsonb_array_elements(${JSON.stringify(changes)}::text::jsonb) as t(c)`;
  await sql`insert into report_cells (figure, party, reason, period, days, n) ${changed}
    on conflict (party, figure, reason, period, days) do update set n = report_cells.n + excluded.n`.execute(
    db,
  );
  await sql`delete from report_cells c using (${changed}) d
    where c.n = 0 and (c.party, c.figure, c.reason, c.period, c.days)
      = (d.party, d.figure, d.reason, d.period, d.days)`.execute(db);
  await sql`insert into report_cases (sanction, upto, opened, keyless, counts)
    select c->>'sanction', ${upto}::text::xid8, (c->>'opened')::integer, (c->>'keyless')::integer, c->'counts'
    from jsonb_array_elements(${JSON.stringify(cases)}::text::jsonb) as t(c)
    on conflict (sanction) do update set upto = excluded.upto, opened = excluded.opened,
      keyless = excluded.keyless, counts = excluded.counts`.execute(db);
}

export async function readCells(db: Db): Promise<CellValues[]> {
  const { rows } = await sql<{ figure: string } & Record<string, string | number>>`
    select figure, party, reason, period, days, n from report_cells`.execute(db);
  return rows.map((row) => Object.values(row) as unknown as CellValues);
}

export async function readCases(
  db: Db,
  sanctions: readonly string[],
): Promise<Map<string, FoldedCase>> {
  const rows = await db
    .selectFrom('report_cases')
    .select(['sanction', 'opened', 'keyless', 'counts'])
    .where('sanction', 'in', sanctions)
    .execute();
  return new Map(rows.map((row) => [row.sanction, row]));
}

/** Entries from an index on. */
export const entriesFrom = (
  db: Db,
  { index, limit }: { index: number; limit: number },
): Promise<{ index: number; entry: string }[]> =>
  db
    .selectFrom('ledger_entries')
    .select(['index', 'entry'])
    .where('index', '>=', index)
    .orderBy('index')
    .limit(limit)
    .execute();

/** Entries that wait for their place, in its order. */
export async function waitingEntries(db: Db): Promise<string[]> {
  const { rows } = await sql<{ entry: string }>`
    select entry from ledger_pending, unnest(entries) with ordinality as t(entry, n)
    order by seq, n`.execute(db);
  return rows.map(({ entry }) => entry);
}

/** A case with new openings. */
export interface TouchedCase {
  readonly sanction: string;
  /** All of these were there when it was counted last */
  readonly isCounted: boolean;
}

export interface Touched {
  readonly cases: readonly TouchedCase[];
  /** The last opening that was read, and how many were */
  readonly last: { readonly txid: string; readonly seq: number } | undefined;
  readonly openings: number;
  /** Every transaction before this one has ended */
  readonly settled: string;
}

/**
 * Cases with openings behind a place. A transaction number of another cluster is beyond its own: a copy by `pg_dump`.
 * @param behind.settledOnly without those of transactions beside which another may still commit an earlier one
 */
export async function touchedCases(
  db: Db,
  behind: { txid: string; seq: number; limit: number; settledOnly: boolean },
): Promise<Touched> {
  const { txid, seq, limit, settledOnly } = behind;
  const { rows } = await sql<TouchedRow>`
    with snapshot as materialized (
      select pg_snapshot_xmin(pg_current_snapshot()) as least,
        pg_snapshot_xmax(pg_current_snapshot()) as most
    ), next as materialized (
      select o.txid, o.seq, o.sanction from openings o
      where o.sanction is not null and (o.txid, o.seq) > (${txid}::text::xid8, ${seq})
        and (${!settledOnly} or o.txid < (select least from snapshot)
          or o.txid >= (select most from snapshot))
      order by o.txid, o.seq limit ${limit}
    ), touched as (
      select sanction, max(txid) as newest from next group by sanction
    )
    select t.sanction, c.upto is not null and c.upto > t.newest as "isCounted",
      (select least::text from snapshot) as settled, l.txid::text as txid, l.seq::float8 as seq,
      (select count(*)::int from next) as openings
    from snapshot left join touched t on true left join report_cases c on c.sanction = t.sanction
    left join (select txid, seq from next order by txid desc, seq desc limit 1) l on true`.execute(
    db,
  );
  const { settled, openings, txid: lastTxid, seq: lastSeq } = rows[0]!;
  return {
    cases: rows.flatMap(({ sanction, isCounted }) =>
      sanction === null ? [] : [{ sanction, isCounted }],
    ),
    last: lastTxid === null || lastSeq === null ? undefined : { txid: lastTxid, seq: lastSeq },
    openings,
    settled,
  };
}

interface TouchedRow {
  readonly sanction: string | null;
  readonly isCounted: boolean;
  readonly settled: string;
  readonly txid: string | null;
  readonly seq: number | null;
  readonly openings: number;
}

export interface CaseOpening {
  readonly kid: string;
  readonly jti: string;
  readonly position: number;
  readonly party: string;
  readonly sanction: string;
  readonly opening: Uint8Array;
  /** Key of the case; none once it is erased */
  readonly wrapped: Uint8Array | null;
}

/** All openings of some cases. */
export async function openingsOf(db: Db, sanctions: readonly string[]): Promise<CaseOpening[]> {
  const { rows } = await sql<CaseOpening>`
    select o.kid, o.jti, o.position, o.party, o.sanction, o.opening, k.wrapped
    from openings o left join case_keys k on k.sanction = o.sanction
    where o.sanction = any(${sanctions})`.execute(db);
  return rows;
}
