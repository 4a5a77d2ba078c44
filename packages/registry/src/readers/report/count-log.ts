import { entryLeafHash, toBase64url, toTimestamp } from '@recourse/protocol';
import type { CaseKey, Vault } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import type { ReadEntry } from '../entries/comparison.ts';
import { LogIndex } from '../doctor/log-index.ts';
import { readEntry, readOpening } from '../doctor/openings.ts';
import { foldCase } from './fold-case.ts';
import { PartyFold } from './fold-parties.ts';
import { loggedEntries, openingsByCase, type CaseOpening } from './openings-by-case-store.ts';
import { Tally } from './tally.ts';

export interface LogCount {
  readonly tally: Tally;
  readonly entries: number;
  /** Leaf hashes of the entries that say that a case was erased, base64url */
  readonly erasedLeaves: ReadonlySet<string>;
  /** Entries that nothing opens, though their case was not erased */
  readonly unopened: number;
}

interface CountingLog {
  readonly vault: Vault;
  readonly now: Date;
  readonly recallHours: number;
}

/**
 * The figures as the ledger has them: from its entries and what opens them, and from no other table. Takes memory for each
 * entry, and otherwise for one case.
 */
export async function countLog(db: Db, counting: CountingLog): Promise<LogCount> {
  const tally = new Tally();
  const log = new LogIndex();
  const parties = new PartyFold(tally);
  for await (const text of loggedEntries(db)) {
    const added = log.add(text);
    if (typeof added === 'object') parties.take(added.entry);
  }
  parties.finish(toTimestamp(counting.now));
  const erasedLeaves = erasedIn(log);
  const entries = log.size;
  const openings = await countCases(db, { ...counting, log, tally });
  // The openings of erased cases open nothing any more, and neither does that of the entry which says so.
  return { tally, entries, erasedLeaves, unopened: Math.max(0, log.sealed.size - openings.erased) };
}

const erasedIn = (log: LogIndex): Set<string> =>
  new Set([...log.sealed].flatMap(([leaf, { entry }]) => (entry.type === 'erased' ? [leaf] : [])));

interface CountingCases extends CountingLog {
  readonly log: LogIndex;
  readonly tally: Tally;
}

/** @returns how many openings are of cases without a key */
async function countCases(db: Db, counting: CountingCases): Promise<{ erased: number }> {
  let erased = 0;
  let current: { sanction: string; key: CaseKey | undefined; entries: ReadEntry[] } | undefined;
  const close = (): void => {
    const ordered = (current?.entries ?? []).toSorted((a, b) => a.index - b.index);
    for (const happening of foldCase(ordered, counting)) counting.tally.add(happening);
  };
  for await (const row of openingsByCase(db)) {
    if (row.sanction !== current?.sanction) {
      close();
      current = { sanction: row.sanction, key: keyOf(counting.vault, row), entries: [] };
    }
    if (!current.key) erased++;
    else current.entries.push(...take(counting.log, row, current.key));
  }
  close();
  return { erased };
}

function keyOf(vault: Vault, { sanction, wrapped }: CaseOpening): CaseKey | undefined {
  if (!wrapped) return undefined;
  try {
    return vault.openCase({ sanction, wrapped });
  } catch {
    // Of another vault: what it opened is counted as unopened.
    return undefined;
  }
}

/** Each entry once, and only what the log has: an opening that somebody added opens nothing. */
function take(log: LogIndex, row: CaseOpening, key: CaseKey): ReadEntry[] {
  const opening = readOpening(row, key);
  if (!opening) return [];
  const leaf = toBase64url(entryLeafHash(opening.entry));
  const placed = log.sealed.get(leaf);
  if (!placed) return [];
  log.sealed.delete(leaf);
  return [readEntry(placed, opening)];
}
