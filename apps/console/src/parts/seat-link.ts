import {
  fromBase64url,
  fromUtf8,
  seatTermsSchema,
  toBase64url,
  utf8,
  type SeatTerms,
} from '@recourse/protocol';

/** Where a sitting reviewer reads the terms of a seat, and signs for it. */
export const seatLink = ({
  invite,
  affiliations,
  languages,
  optOut,
  termUntil,
}: SeatTerms): string => {
  const terms: SeatTerms = { invite, affiliations, languages, optOut, termUntil };
  return `${location.origin}/desk/#/review/seat?terms=${toBase64url(utf8(JSON.stringify(terms)))}`;
};

/** The terms in the address of such a link; undefined where they are none. */
export function seatIn(terms: unknown): SeatTerms | undefined {
  if (typeof terms !== 'string') return undefined;
  try {
    return seatTermsSchema.safeParse(JSON.parse(fromUtf8(fromBase64url(terms)))).data;
  } catch {
    return undefined;
  }
}
