import { createHash } from 'node:crypto';
import { Problem, toNumericDate } from '@recourse/protocol';
import { seenSeconds, seenTables, seenWindowSeconds } from '../schema/figures.ts';
import { rowIdOf, type AuditedCall } from './audit-row.ts';

/**
 * A table is emptied a whole turn after the last `exp` that it guards. What commits so late, for example after its server
 * stood still, would find it empty: it is refused long before.
 */
const latestSeconds = seenSeconds / 2;

/** A table of calls that were seen, and ids in it; the smaller ones first, so that two groups wait in one order. */
export interface SeenRows {
  readonly table: SeenTable;
  readonly ids: readonly string[];
}

export type SeenTable = (typeof seenTables)[number];

/** Each call by its id, and the tables in which it has to be new. */
export type SeenIds = ReadonlyMap<
  AuditedCall,
  { readonly id: string; readonly tables: ReadonlySet<SeenTable> }
>;

/**
 * Where calls are remembered: by their `exp`, which all copies of a call share, so that one unique index refuses them
 * whichever server they reach and when. Other calls under the same kid and jti may have another `exp`. So those of the
 * first seconds of a table are in the table before, too: any two that can be admitted at one instant meet in one table.
 * @throws Problem `overloaded` where a call comes to its commit too late
 */
export function seenRows(
  calls: readonly AuditedCall[],
  now: Date,
): { ids: SeenIds; rows: readonly SeenRows[] } {
  const ids: SeenIds = new Map(calls.map((call) => [call, placeOf(call, now)]));
  const rows = seenTables.map((table) => {
    const own = [...ids.values()].filter(({ tables }) => tables.has(table));
    return { table, ids: own.map(({ id }) => id).toSorted() };
  });
  return { ids, rows: rows.filter((row) => row.ids.length > 0) };
}

function placeOf(call: AuditedCall, now: Date): { id: string; tables: ReadonlySet<SeenTable> } {
  const { exp } = call.payload;
  if (toNumericDate(now) > exp + latestSeconds)
    throw new Problem('overloaded', { retryAfterSeconds: 1 });
  const { kid, jti } = rowIdOf(call);
  const id = createHash('sha256').update(`${kid} ${jti}`).digest('hex').slice(0, 32);
  return { id, tables: new Set([tableAt(exp), tableAt(exp - seenWindowSeconds)]) };
}

/** @param seconds an `exp` */
const tableAt = (seconds: number): SeenTable =>
  seenTables[Math.floor(seconds / seenSeconds) % seenTables.length]!;

/**
 * The table that is used next, while nothing is in use of it: no call can be admitted any more that it guards, and none
 * comes yet that it will.
 */
export function tableToEmpty(now: Date): SeenTable | undefined {
  const seconds = toNumericDate(now);
  const isNear = seconds % seenSeconds >= seenSeconds - 2 * seenWindowSeconds;
  return isNear ? undefined : tableAt(seconds + seenSeconds);
}
