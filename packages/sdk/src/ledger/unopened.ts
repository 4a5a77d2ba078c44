import { jcs, type Entry } from '@recourse/protocol';
import type { OwnFinding } from './own-ledger-error.ts';
import type { OwnOpenings } from './own-openings.ts';

/**
 * Entries of the log that are about what the party was told, and that no opening is of. The registry has every salt:
 * it could log that a recall was answered and show the opening to nobody.
 * @param log every entry, in order
 */
export async function entriesAbout(own: OwnOpenings, log: AsyncIterable<Entry>): Promise<Entry[]> {
  const pairs = new Set(own.opened.flatMap(({ opening }) => pairOf(opening.entry)));
  const about: Entry[] = [];
  for await (const entry of log)
    if (pairOf(entry).some((pair) => pairs.has(pair))) about.push(entry);
  return about;
}

export function unopenedOf(about: readonly Entry[], own: OwnOpenings): OwnFinding[] {
  const opened = new Set(own.opened.map(({ opening }) => jcs(opening.entry)));
  return about
    .filter((entry) => !opened.has(jcs(entry)))
    .map((entry) => ({ code: 'opening-missing', entry }));
}

const pairOf = (entry: Entry): string[] => ('pair' in entry ? [entry.pair] : []);
