import { unwitnessed, type VerifierKey, verifyCheckpoint } from '@recourse/ledger';
import { equalBytes } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import type { Difference } from '../entries/difference.ts';

export interface SignedNote {
  /** Its size in the table; `outside` for the copy beside the database */
  readonly id: string;
  readonly note: string;
}

/** The checkpoints there are, with those kept outside. */
export async function readCheckpoints(
  db: Db,
  outside: readonly string[],
): Promise<{ notes: SignedNote[]; sizes: Set<number> }> {
  const rows = await db.selectFrom('ledger_checkpoints').select(['size', 'note']).execute();
  const notes = [
    ...rows.map(({ size, note }) => ({ id: String(size), note })),
    ...outside.map((note) => ({ id: 'outside', note })),
  ];
  // The second line of a checkpoint is its size; what is none there is found when the note is opened.
  return { notes, sizes: new Set(notes.map(({ note }) => Number(note.split('\n')[1]))) };
}

/** Each was signed by the log key, and signs a tree that this one begins with. */
export async function* compareCheckpoints(
  notes: readonly SignedNote[],
  { key, roots }: { key: VerifierKey; roots: ReadonlyMap<number, Uint8Array> },
): AsyncGenerator<Difference, void, undefined> {
  const policy = unwitnessed(key);
  for (const { id, note } of notes) {
    const opened = await verifyCheckpoint(note, policy).catch(() => undefined);
    const root = opened && roots.get(opened.checkpoint.size);
    const isOwn = id === 'outside' || id === String(opened?.checkpoint.size);
    if (opened && root && isOwn && equalBytes(opened.checkpoint.root, root)) continue;
    const what = opened ? (root ? 'root' : 'size') : 'signature';
    yield { code: 'checkpoint-differs', table: 'ledger_checkpoints', id, what };
  }
}
