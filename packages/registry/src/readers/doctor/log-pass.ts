import { tileWidth } from '@recourse/ledger';
import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import { checkTree } from '../../log/check-tree.ts';
import { readState } from '../../log/store.ts';
import type { ReadEntry } from '../entries/comparison.ts';
import type { Difference } from '../entries/difference.ts';
import type { CheckpointComparison } from './checkpoints.ts';
import { notOne, type LogLeaves } from './log-leaves.ts';
import { readRows } from '../entries/read-rows.ts';

const bundles = 16;
/** Entries of a step */
const stepWidth = bundles * tileWidth;

export interface LogPass {
  readonly db: Db;
  readonly log: LogLeaves;
  readonly checkpoints: CheckpointComparison;
  /** Told of each entry that anybody can read */
  readonly onRead: (entry: ReadEntry) => void;
  readonly onProgress: (done: number, of: number) => void;
}

/** Reads the whole log, what waits for it last, and compares tiles and state with it. */
export async function* readLog(pass: LogPass): AsyncGenerator<Difference, void, undefined> {
  const { db, checkpoints, onProgress } = pass;
  const { size, root } = await readState(db);
  const { marks } = checkpoints;
  await checkpoints.read({ from: 0, to: Math.min(stepWidth, size) });
  for await (const step of checkTree(db, { size, root, marks, bundles })) {
    for (const { code, place } of step.faults) yield { code, what: place };
    for (const [i, entry] of step.entries.entries()) yield* take(pass, entry, step.first + i);
    yield* checkpoints.differences(step.roots);
    const end = step.first + step.entries.length;
    await checkpoints.read({ from: end, to: Math.min(end + stepWidth, size) });
    onProgress(end, size);
  }
  yield* checkpoints.beyond(size);
  yield* beyond(db, size);
  for await (const { entry } of readRows<{ entry: string }>(db, waiting)) {
    yield* take(pass, entry, pass.log.size);
  }
  yield* pass.log.twice();
}

const waiting = sql<{ entry: string }>`
  select entry from ledger_pending, unnest(entries) with ordinality as t(entry, n) order by seq, n`;

function* take(
  { log, onRead }: LogPass,
  text: string | undefined,
  index: number,
): Generator<Difference> {
  const added = log.add(text ?? '');
  // One that is not there was named with its tile.
  if (added === false && text !== undefined) {
    yield { code: 'entries-differ', index, what: notOne };
  }
  if (typeof added === 'object') {
    const { type, at, detail } = added.entry;
    onRead({ index, type, at, detail });
  }
}

/** Rows beyond the state: nobody signed them, and the next entry would collide with them. */
async function* beyond(db: Db, size: number): AsyncGenerator<Difference, void, undefined> {
  const entries = sql<{ index: number }>`
    select index from ledger_entries where index >= ${sql.lit(size)} order by index`;
  for await (const { index } of readRows(db, entries)) {
    yield { code: 'entries-differ', index, what: 'beyond the state' };
  }
  const tiles = sql<{ level: number; index: number; width: number }>`
    select level, index, octet_length(hashes) / 32 as width from ledger_tiles`;
  for await (const { level, index, width } of readRows(db, tiles)) {
    const hashes = Math.floor(size / tileWidth ** level) - index * tileWidth;
    if (width > Math.min(tileWidth, hashes)) {
      yield { code: 'tiles-differ', what: `tile ${level}/${index} beyond the state` };
    }
  }
}
