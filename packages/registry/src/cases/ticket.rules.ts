const hours = 60 * 60 * 1000;

/** As long as a check at signup may rest on a proof. */
const proofHolds = 24 * hours;

/**
 * A platform vouches for accounts of its own registered domain: what another platform's account is, and whose, it cannot
 * know. The account is in canonical form; the caller chose it, and could name any.
 */
export const isAccountAt = (account: string, domain: string | undefined): boolean =>
  account.slice(account.lastIndexOf('@') + 1) === domain;

/** A check of the platform that vouches. */
export interface ProvingCheck {
  readonly proven_at: Date | null;
  /** Marks of what was asked under it; null before the first question, none once they were forgotten */
  readonly asked: readonly number[] | null;
}

/**
 * A platform vouches for an IBAN whose control it stated in a check of its own, by a proof of the last 24 hours, and that
 * it asked about under that check: it paid for the question, and whom it concerns reads of the answer. What was asked is
 * known for an hour, as long as the check may ask.
 * @param marks of the IBAN under that check
 */
export const provesControl = (
  { proven_at: provenAt, asked }: ProvingCheck,
  { marks, now }: { marks: readonly number[]; now: Date },
): boolean =>
  provenAt !== null &&
  provenAt.getTime() >= now.getTime() - proofHolds &&
  marks.some((mark) => asked?.includes(mark));
