import { edgeRoot, readEdge, tileWidth, type TreeEdge } from '@recourse/ledger';
import { equalBytes } from '@recourse/protocol';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import { readState, tilesOf } from '../../log/store.ts';
import type { DoctorPlace } from '../../schema/doctor-place.ts';
import { leafOf } from '../entries/places-store.ts';
import { allCases, type Scope } from '../entries/scope.ts';

/** What one run compares of log and tables. */
export interface Part {
  /** The log is as it was signed up to here, and only its entries are read; none where tiles are compared, too */
  readonly to?: number;
  /** The bundles before this edge are not read; none where all are */
  readonly edge?: TreeEdge;
  /** Entries before this one were compared */
  readonly from: number;
  /** Leaf hashes in hex of entries behind it that were compared as they waited */
  readonly waited: ReadonlySet<string>;
  readonly cases: Scope;
  /** Of a row of `openings as o`: nobody has seen it before; none where each is to be read */
  readonly isNewOpening?: RawBuilder<boolean>;
  /** Of a row with the leaf hash of its `calls` entry, and the instant of its calls; none where each is to be read */
  readonly isNewCall?: (leaf: RawBuilder<unknown>, at: RawBuilder<unknown>) => RawBuilder<boolean>;
}

/** All of it. */
export const whole: Part = { from: 0, waited: new Set(), cases: allCases };

/**
 * What entries behind a place speak of: their cases as a whole, and the calls of since.
 * @returns undefined where the log up to that place is not what it was then
 */
export async function partBehind(db: Db, place: DoctorPlace): Promise<Part | undefined> {
  const edge = await edgeAt(db, place);
  if (!edge) return undefined;
  const isNewOpening = newOpening(place.snapshot);
  return {
    edge,
    from: place.size,
    waited: new Set(place.waiting),
    cases: { has: (column) => isTouched(column, { isNewOpening, place }) },
    isNewOpening,
    isNewCall: (leaf, at) => newCall({ leaf, at }, place),
  };
}

/**
 * What the tail of a log speaks of, after a recovery: its entries, and these cases. Nothing opens an entry of the tail,
 * but for those that waited.
 */
export function partOfTail({ from, to, waited, sanctions }: TailPart): Part {
  const list = sql.lit(`{${sanctions.join(',')}}`);
  const never = sql<boolean>`false`;
  return {
    from,
    to,
    waited,
    cases: { has: (column) => sql<boolean>`${sql.ref(column)} = any(${list}::text[])` },
    isNewOpening: never,
    isNewCall: () => never,
  };
}

interface TailPart {
  readonly from: number;
  readonly to: number;
  readonly waited: ReadonlySet<string>;
  readonly sanctions: readonly string[];
}

async function edgeAt(db: Db, { size, root }: DoctorPlace): Promise<TreeEdge | undefined> {
  if ((await readState(db)).size < size) return undefined;
  try {
    const edge = await readEdge(size, tilesOf(db));
    if (!equalBytes(edgeRoot(edge), Buffer.from(root, 'hex'))) return undefined;
    // The last bundle is read again from its beginning.
    const rows = edge.rows.map((row, level) => (level === 0 ? [] : row));
    return { size: size - (size % tileWidth), rows };
  } catch {
    // Tiles are not there, or not of that width.
    return undefined;
  }
}

/** A transaction number of another cluster is beyond its own: such a row came with a copy. */
const newOpening = (snapshot: string): RawBuilder<boolean> => sql<boolean>`(
  o.txid >= pg_snapshot_xmin(${sql.lit(snapshot)}::pg_snapshot)
  and o.txid < pg_snapshot_xmax(pg_current_snapshot())
  and not pg_visible_in_snapshot(o.txid, ${sql.lit(snapshot)}::pg_snapshot))`;

/** Cases with new openings, and records whose ids say that they are new. */
function isTouched(
  column: string,
  { isNewOpening, place }: { isNewOpening: RawBuilder<boolean>; place: DoctorPlace },
): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} in (
    select o.sanction from openings o where o.sanction is not null and ${isNewOpening}
    union select r.id from sanctions r where r.id > ${sql.lit(place.newest)})`;
}

/** Its entry is new; or its calls are, and no entry is there. */
function newCall(
  { leaf, at }: { leaf: RawBuilder<unknown>; at: RawBuilder<unknown> },
  place: DoctorPlace,
): RawBuilder<boolean> {
  const waited = sql`(${sql.lit(`{${place.waiting.map((one) => `\\\\x${one}`).join(',')}}`)}::bytea[])`;
  const waits = sql`select ${leafOf(sql`w.entry`)} from ledger_pending p, unnest(p.entries) as w(entry)`;
  return sql<boolean>`(not ${leaf} = any(${waited}) and (
    ${leaf} in (
      select l.leaf from ledger_entries l where l.index >= ${sql.lit(place.size)} union all ${waits})
    or (${at} >= ${sql.lit(place.at)}::timestamptz
      and not exists (select from ledger_entries l where l.leaf = ${leaf}))))`;
}
