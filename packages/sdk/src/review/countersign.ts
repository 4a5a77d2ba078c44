import {
  countersignatureSchema,
  inputIssues,
  signCompact,
  toNumericDate,
  type SeatTerms,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';

/** A seat of the panel as `panel.invite` asks for it. */
export interface Seat extends Omit<SeatTerms, 'termUntil'> {
  /** When the term ends */
  readonly termUntil: Date;
}

/**
 * A sitting reviewer's signature for a new one, `recourse-countersignature+jwt`. It counts for this invite and these
 * terms only.
 * @throws RecourseError `invalid-input` before anything is signed
 */
export async function countersign(session: Session, seat: Seat): Promise<string> {
  const signer = needSigner(session.signers, 'reviewer');
  const { termUntil, ...terms } = seat;
  const parsed = countersignatureSchema.safeParse({
    iss: 'panel',
    aud: session.origin,
    ...terms,
    termUntil: toNumericDate(termUntil),
    iat: toNumericDate(session.transport.now()),
  });
  if (parsed.success) return signCompact(signer, 'recourse-countersignature+jwt', parsed.data);
  throw new RecourseError('invalid-input', { issues: inputIssues(parsed.error) });
}
