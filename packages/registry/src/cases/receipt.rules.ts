import { toTimestamp, type Opening } from '@recourse/protocol';

/** One time that a platform was told, of which a claimant may know. */
interface KnownMatch {
  readonly match: string;
  readonly party: string;
  readonly told_at: Date;
}

/**
 * The openings of a case without those that say where somebody else may have signed up: of a platform that the page does
 * not name, or from before it asked about what this claimant proved.
 */
export function openingsFor<T extends Opening>(
  openings: readonly T[],
  matches: readonly KnownMatch[],
): T[] {
  const known = new Set<unknown>(matches.map(({ match }) => match));
  const asked = matches.map(({ party, told_at: at }) => ({ party, at: toTimestamp(at) }));
  const isOfKnown = ({ entry, party }: Opening): boolean =>
    asked.some((one) => one.party === party && one.at <= entry.at);
  const recalls = new Set(
    openings
      .filter((one) => one.entry.type === 'recall-issued' && isOfKnown(one))
      .map(({ detail = {} }) => detail['recall']),
  );
  return openings.filter((opening) => {
    if (!('pair' in opening.entry)) return true;
    const { match, recall } = opening.detail ?? {};
    return recall === undefined ? known.has(match) : recalls.has(recall);
  });
}
