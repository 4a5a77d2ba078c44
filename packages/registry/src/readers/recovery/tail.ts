import { entrySchema, isId, type Entry } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { entriesBetween, loggedSince } from '../../log/recovery-store.ts';

/** The part of the log after the place where the restored database ended. */
export interface Tail {
  readonly from: number;
  readonly to: number;
  readonly refs: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
  /** Sanctions by `ref` of which the log does not say what became of them */
  readonly unresolved: ReadonlySet<string>;
  /** Platforms that were registered */
  readonly platforms: readonly string[];
  /** Places of entries whose changes the database has already */
  readonly known: ReadonlySet<number>;
  /** Leaf hashes of these in hex */
  readonly knownLeaves: ReadonlySet<string>;
}

/** One change as it was logged: its entry, after the recalls that it owed. */
export interface LoggedChange {
  readonly index: number;
  readonly entry: Entry;
  /** Pairs */
  readonly recalls: readonly string[];
  /** The order of a court or an authority that it executes: the entry before, of the same act */
  readonly order?: PublicEntry;
}

export type PublicEntry = Extract<Entry, { detail: unknown }>;

/** Types whose content is in no entry: what an appeal, a decision or an amendment says. */
const leavesOpen: ReadonlySet<string> = new Set([
  'appeal-opened',
  'appeal-decided',
  'sanction-amended',
]);

const chunk = 256;

export async function readTail(db: Db, { from, to }: { from: number; to: number }): Promise<Tail> {
  const refs = new Set<string>();
  const pairs = new Set<string>();
  const unresolved = new Set<string>();
  const platforms: string[] = [];
  const { entries: known, leaves: knownLeaves } = await loggedSince(db, from);
  for await (const { index, entry } of entriesOf(db, { from, to })) {
    if ('ref' in entry) refs.add(entry.ref);
    if ('pair' in entry) pairs.add(entry.pair);
    if ('ref' in entry && leavesOpen.has(entry.type) && !known.has(index)) {
      unresolved.add(entry.ref);
    }
    if (entry.type !== 'party-registered') continue;
    const { party } = entry.detail;
    if (isId('plt', party)) platforms.push(party);
  }
  return { from, to, refs, pairs, unresolved, platforms, known, knownLeaves };
}

/** The changes in order, but for those that the database has already. */
export async function* changesOf(db: Db, tail: Tail, after: number): AsyncGenerator<LoggedChange> {
  let recalls: string[] = [];
  let order: PublicEntry | undefined;
  for await (const { index, entry } of entriesOf(db, { from: after, to: tail.to })) {
    if (tail.known.has(index)) continue;
    if (entry.type === 'recall-issued') {
      recalls.push(entry.pair);
    } else if (entry.type === 'order-executed') {
      order = entry;
    } else {
      yield { index, entry, recalls, ...(order ? { order } : {}) };
      recalls = [];
      order = undefined;
    }
  }
}

async function* entriesOf(
  db: Db,
  { from, to }: { from: number; to: number },
): AsyncGenerator<{ index: number; entry: Entry }> {
  for (let at = from; at < to; at += chunk) {
    const rows = await entriesBetween(db, { from: at, to: Math.min(at + chunk, to) });
    for (const { index, entry } of rows) {
      const read = readEntry(entry);
      if (read) yield { index, entry: read };
    }
  }
}

/** Signed is not well-formed: what no server writes means nothing here. */
function readEntry(text: string): Entry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
