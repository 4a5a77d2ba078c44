import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { ReadEntry } from '../entries/comparison.ts';
import { readRows } from '../entries/read-rows.ts';
import { parseEntry } from './log-leaves.ts';

export interface EntryText {
  readonly index: number;
  readonly entry: string;
}

/** What waits, as if it stood behind so many entries. */
export const waiting = (size: number): RawBuilder<EntryText> => sql<EntryText>`
  select (${sql.lit(size)} - 1 + row_number() over (order by seq, n))::float8 as index, entry
  from ledger_pending, unnest(entries) with ordinality as t(entry, n) order by seq, n`;

/** Entries that anybody can read begin with their time and their detail: `ack`, `cause`, `count` and `digest` sort elsewhere. */
export async function* publicBefore(db: Db, index: number): AsyncGenerator<EntryText> {
  if (index === 0) return;
  const form = `{"at":"${'_'.repeat('2026-01-01T00:00:00Z'.length)}","detail":%`;
  yield* readRows<EntryText>(
    db,
    sql`select index, entry from ledger_entries
      where index < ${sql.lit(index)} and entry like ${sql.lit(form)} order by index`,
  );
}

export async function readPublic(
  entries: AsyncIterable<EntryText>,
  onRead: (entry: ReadEntry) => void,
): Promise<void> {
  for await (const { index, entry: text } of entries) {
    const entry = parseEntry(text);
    if (entry && 'detail' in entry) onRead({ ...entry, index });
  }
}
