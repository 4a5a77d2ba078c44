import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@recourse/registry';
import { sql } from 'kysely';
import type { LogStory } from './log-story.ts';

/** Rows of one statement */
const rowsAtOnce = 1_000;
const askEveryMs = 10;

export interface AppendResult {
  readonly entries: number;
  readonly commits: number;
  /** From the moment they wait until the last of them is in the durable log */
  readonly seconds: number;
}

/** Lets the next entries of a story wait all at once, so many of them, and the sequencer of this server take them. */
export async function append(db: Db, story: LogStory, count: number): Promise<AppendResult> {
  const at = new Date();
  const commits = story.commits(count, at);
  const last = await db.transaction().execute(async (trx) => {
    let seq = 0;
    for (let start = 0; start < commits.length; start += rowsAtOnce) {
      const rows = commits.slice(start, start + rowsAtOnce).map((entries) => ({ entries, at }));
      const inserted = await trx
        .insertInto('ledger_pending')
        .values(rows)
        .returning('seq')
        .execute();
      seq = Math.max(seq, ...inserted.map((row) => row.seq));
    }
    return seq;
  });
  const begun = performance.now();
  while (await isWaiting(db, last)) await delay(askEveryMs);
  const seconds = (performance.now() - begun) / 1_000;
  return { entries: commits.flat().length, commits: commits.length, seconds };
}

async function isWaiting(db: Db, last: number): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`
    select exists (select from ledger_pending where seq <= ${last}) as waits`.execute(db);
  return rows[0]?.waits === true;
}
