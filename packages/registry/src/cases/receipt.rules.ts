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
  told: readonly KnownMatch[],
): T[] {
  const known = new Set<unknown>(told.map(({ match }) => match));
  const since = sinceOf(told);
  const isOfKnown = ({ entry, party = '' }: Opening): boolean => {
    const first = since.get(party);
    return first !== undefined && entry.at >= first;
  };
  const recalls = new Set(
    openings
      .filter((one) => one.entry.type === 'recall-issued' && isOfKnown(one))
      .map(({ detail }) => detail?.['recall']),
  );
  return openings.filter((opening) => {
    if (!('pair' in opening.entry)) return true;
    const { match, recall } = opening.detail ?? {};
    return recall === undefined ? known.has(match) : recalls.has(recall);
  });
}

function sinceOf(told: readonly KnownMatch[]): ReadonlyMap<string, string> {
  const since = new Map<string, string>();
  for (const { party, told_at: at } of told) {
    const known = since.get(party);
    const text = toTimestamp(at);
    if (known === undefined || text < known) since.set(party, text);
  }
  return since;
}
