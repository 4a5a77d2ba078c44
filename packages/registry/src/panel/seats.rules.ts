import { prefixedHash, utf8 } from '@recourse/protocol';

/** After so many days without enough votes more reviewers are asked. */
const seatDays = 3;

export interface SeatQuery {
  readonly item: string;
  readonly votes: number;
  /** From when on it can be decided */
  readonly openedAt: Date;
  /** Who may vote */
  readonly holders: readonly string[];
  readonly voted: ReadonlySet<string>;
}

/**
 * Assigned by rule: the reviewers who may vote come in the order of H(item, holder), so that nobody picks an
 * item and no item picks them. As many are asked as votes are missing; every three days as many again.
 */
export function seatedOn(
  { item, votes, openedAt, holders, voted }: SeatQuery,
  now: Date,
): string[] {
  const missing = Math.max(0, votes - voted.size);
  const waited = Math.max(0, now.getTime() - openedAt.getTime());
  const rounds = 1 + Math.floor(waited / (seatDays * 86_400_000));
  return holders
    .filter((holder) => !voted.has(holder))
    .map((holder) => ({ holder, place: placeOf(item, holder) }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, missing * rounds)
    .map(({ holder }) => holder);
}

/** Ids have one length per kind, so the concatenation is unambiguous. */
const placeOf = (item: string, holder: string): string =>
  prefixedHash('recourse/panel-seat/1', utf8(item), utf8(holder));
