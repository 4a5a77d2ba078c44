import { sql } from 'kysely';
import { readRows } from '../entries/read-rows.ts';
import type { LogPass } from './log-pass.ts';
import { publicBefore, readPublic, waiting, type EntryText } from './public-entries.ts';

type TailPass = Pick<LogPass, 'db' | 'part' | 'log' | 'onRead'>;

/** Reads the entries of a tail; and what anybody can read before it, and of what waits. Its tiles were compared. */
export async function readTailEntries({ db, part, log, onRead }: TailPass): Promise<void> {
  const { from, to = from } = part;
  await readPublic(publicBefore(db, from), onRead);
  const entries = sql<EntryText>`select index, entry from ledger_entries
    where index >= ${sql.lit(from)} and index < ${sql.lit(to)} order by index`;
  for await (const { entry: text } of readRows(db, entries)) {
    const added = log.add(text);
    if (typeof added === 'object') onRead({ ...added.entry, index: added.index });
  }
  await readPublic(readRows(db, waiting(to)), onRead);
}
