import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import { leafHash, tileWidth } from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';
import { checkTree } from '../../log/check-tree.ts';
import { readState } from '../../log/store.ts';
import type { ReadEntry } from '../entries/comparison.ts';
import type { Difference } from '../entries/difference.ts';
import type { CheckpointComparison } from './checkpoints.ts';
import { notOne, type LogLeaves } from './log-leaves.ts';
import type { Part } from './part.ts';
import { publicBefore, readPublic, waiting } from './public-entries.ts';
import { readRows } from '../entries/read-rows.ts';

const bundles = 16;
/** Entries of a step */
const stepWidth = bundles * tileWidth;

export interface LogPass {
  readonly db: Db;
  readonly log: LogLeaves;
  readonly part: Part;
  readonly checkpoints: CheckpointComparison;
  /** Told of each entry that anybody can read */
  readonly onRead: (entry: ReadEntry) => void;
  readonly onProgress: (done: number, of: number) => void;
}

/**
 * Reads the log, what waits for it last, and compares tiles and state with it. Of what was compared before it reads what
 * anybody can read: that is little, and stands between what is of cases and calls.
 * @returns leaf hashes in hex of what waits
 */
export async function* readLog(pass: LogPass): AsyncGenerator<Difference, string[], undefined> {
  const { db, part, checkpoints, onProgress } = pass;
  const { size, root } = await readState(db);
  const { marks } = checkpoints;
  const first = part.edge?.size ?? 0;
  await readPublic(publicBefore(db, part.from), pass.onRead);
  await checkpoints.read({ from: first, to: Math.min(first + stepWidth, size) });
  for await (const step of checkTree(db, { size, root, from: part.edge, marks, bundles })) {
    for (const { code, place } of step.faults) yield { code, what: place };
    for (const [i, entry] of step.entries.entries()) yield* take(pass, entry, step.first + i);
    yield* checkpoints.differences(step.roots);
    const end = step.first + step.entries.length;
    await checkpoints.read({ from: end, to: Math.min(end + stepWidth, size) });
    onProgress(end, size);
  }
  yield* checkpoints.beyond(size);
  yield* beyond(db, { size, first });
  const waits: string[] = [];
  for await (const { entry } of readRows(db, waiting(size))) {
    waits.push(Buffer.from(leafHash(utf8(entry))).toString('hex'));
    yield* take(pass, entry, pass.log.size);
  }
  yield* pass.log.gone();
  yield* pass.log.twice();
  return waits;
}

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
async function* beyond(
  db: Db,
  { size, first }: { size: number; first: number },
): AsyncGenerator<Difference, void, undefined> {
  const entries = sql<{ index: number }>`
    select index from ledger_entries where index >= ${sql.lit(size)} order by index`;
  for await (const { index } of readRows(db, entries)) {
    yield { code: 'entries-differ', index, what: 'beyond the state' };
  }
  const tiles = sql<{ level: number; index: number; width: number }>`
    select level, index, octet_length(hashes) / 32 as width from ledger_tiles
    where index >= floor(${sql.lit(first)} / 256.0 ^ (level + 1))`;
  for await (const { level, index, width } of readRows(db, tiles)) {
    const hashes = Math.floor(size / tileWidth ** level) - index * tileWidth;
    if (width > Math.min(tileWidth, hashes)) {
      yield { code: 'tiles-differ', what: `tile ${level}/${index} beyond the state` };
    }
  }
}
