import {
  countersignatureSchema,
  fromBase64url,
  fromUtf8,
  toBase64url,
  utf8,
  type Countersignature,
} from '@recourse/protocol';

/** The terms of a seat on the panel, as they are published with it. */
export type SeatTerms = Omit<Countersignature, 'iss' | 'aud' | 'iat'>;

export const seatTermsSchema = countersignatureSchema.omit({ iss: true, aud: true, iat: true });

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
