import { fromBase64url, prefixedHash } from '@recourse/protocol';

export interface Quarter {
  /** Such as 2026-Q3 */
  readonly name: string;
  readonly start: Date;
  /** When the quarter before it started */
  readonly before: Date;
}

/** The calendar quarter (UTC) of an instant. */
export function quarterOf(at: Date): Quarter {
  const quarter = Math.floor(at.getUTCMonth() / 3);
  const year = at.getUTCFullYear();
  const startOf = (month: number) => new Date(Date.UTC(year, month));
  const [start, before] = [startOf(3 * quarter), startOf(3 * quarter - 3)];
  return { name: `${year}-Q${quarter + 1}`, start, before };
}

/** max(5, 1 %), as far as there are so many. */
export const sampleSize = (eligible: number): number =>
  Math.min(eligible, Math.max(5, Math.ceil(eligible / 100)));

/**
 * The draw of a quarter, for anybody to repeat who has the list: the records in the order of
 * H("recourse/inspection-draw/1" || root || ref), the first of them taken. `root` is that of the first checkpoint signed in the
 * quarter, which nobody knew when the records were submitted, or withdrawn; `ref` is each record's in the ledger.
 * @param draw base64url of 32 bytes each, and how many are taken
 */
export function drawInspections(draw: {
  root: string;
  refs: readonly string[];
  most?: number;
}): string[] {
  const root = fromBase64url(draw.root);
  const placed = draw.refs.map((ref) => ({
    ref,
    place: prefixedHash('recourse/inspection-draw/1', root, fromBase64url(ref)),
  }));
  return placed
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, draw.most ?? sampleSize(draw.refs.length))
    .map(({ ref }) => ref);
}
