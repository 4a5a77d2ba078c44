import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import { readRows } from '../entries/read-rows.ts';

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

/** The openings of cases, those of one case together. */
export const openingsByCase = (db: Db): AsyncGenerator<CaseOpening> =>
  readRows<CaseOpening>(
    db,
    sql`select o.kid, o.jti, o.position, o.party, o.sanction, o.opening, k.wrapped
      from openings o left join case_keys k on k.sanction = o.sanction
      where o.sanction is not null order by o.sanction`,
  );

/** Entries in the order of the log, those that wait for it last. */
export async function* loggedEntries(db: Db): AsyncGenerator<string> {
  const logged = sql<{ entry: string }>`select entry from ledger_entries order by index`;
  for await (const { entry } of readRows(db, logged)) yield entry;
  const waiting = sql<{ entry: string }>`
    select entry from ledger_pending, unnest(entries) with ordinality as t(entry, n)
    order by seq, n`;
  for await (const { entry } of readRows(db, waiting)) yield entry;
}
