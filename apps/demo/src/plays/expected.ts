/**
 * Plays whose attack works today. The list only shrinks: a play in it that is held fails the command, and so does one
 * that is not in it and not held. One that speed decides may be found held while it is in the list: the flood is held on a
 * quiet machine, and on two cores that do much else its own program takes a share from everybody.
 */
export const openToday: ReadonlySet<string> = new Set(['public-read-flood']);

export type Verdict = 'held' | 'open' | 'NOT HELD' | 'held, but listed as open';

export function verdictOf(
  play: { name: string; held: boolean; measured?: boolean | undefined },
  open: ReadonlySet<string>,
): Verdict {
  if (open.has(play.name) && !(play.held && play.measured)) {
    return play.held ? 'held, but listed as open' : 'open';
  }
  return play.held ? 'held' : 'NOT HELD';
}

export const isExpected = (verdict: Verdict): boolean => verdict === 'held' || verdict === 'open';
