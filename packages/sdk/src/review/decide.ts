import {
  appealDecisionSchema,
  inputIssues,
  inspectionDecisionSchema,
  isId,
  reasonsCommitment,
  signCompact,
  toNumericDate,
  type AppealDecision,
  type Decision,
  type Id,
  type OpOutput,
  type ReasonCode,
  type ReviewId,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { aboutInput, withInputPaths, type MadeOf } from '../input-paths.ts';
import { randomSalt } from '../random.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

/** A decision of the reviewer who took the case. An outcome that the state of the case forbids is `invalid-input`. */
export interface DecisionInput {
  /** An own appeal, or an own inspection */
  readonly appeal: ReviewId;

  /** The record that it is about */
  readonly sanction: Id<'snc'>;

  /** Consequence for the record */
  readonly outcome: Decision['outcome'];
  /** Cause of a reversal or a finding */
  readonly cause?: AppealDecision['cause'] | undefined;
  /** Lesser reason of an amendment */
  readonly reason?: ReasonCode | undefined;
  /** Earlier expiry of an amendment */
  readonly expires?: Date | undefined;
  /** Leaves of subjects that no longer match, in an amendment */
  readonly detach?: readonly number[] | undefined;
  /** For the creator and the submitter, up to 20,000 characters; platforms that were told get its hash only */
  readonly reasons: string;
  /** Says what ties this creator to the evidence, or that nothing does; required in a batch */
  readonly tie?: string | undefined;
}

/** Signs the decision with the reviewer key, committed to its reasons, and sends both. */
export async function decide(
  session: Session,
  input: DecisionInput,
  options?: CallOptions,
): Promise<OpOutput<'review.decide'>> {
  const signer = needSigner(session.signers, 'reviewer');
  const { reasons: text, tie } = input;
  const salt = randomSalt(session.random);
  const reasons = { text, salt, ...(tie === undefined ? {} : { tie }) };
  const decision = decisionOf(session, input, reasonsCommitment(reasons));
  const signed = await signCompact(signer, 'recourse-decision+jwt', decision);
  const answer = await withInputPaths(decisionMadeOf, () =>
    session.transport.send('review.decide', { decision: signed, reasons }, options),
  );
  return answer.result;
}

/** Which member of the input each member of a decision was made of. */
const decisionMadeOf: MadeOf = {
  decision: '',
  exp: 'expires',
  sub: 'sanction',
  'reasons.text': 'reasons',
  'reasons.tie': 'tie',
};

function decisionOf(session: Session, input: DecisionInput, reasons: string): Decision {
  const { appeal, sanction, outcome, cause, reason, expires, detach } = input;
  const schema = isId('itm', appeal) ? inspectionDecisionSchema : appealDecisionSchema;
  const parsed = schema.safeParse({
    iss: 'panel',
    aud: session.origin,
    sub: sanction,
    appeal,
    outcome,
    ...(cause === undefined ? {} : { cause }),
    ...(reason === undefined ? {} : { reason }),
    ...(expires === undefined ? {} : { exp: toNumericDate(expires) }),
    ...(detach === undefined ? {} : { detach }),
    reasons,
    iat: toNumericDate(session.transport.now()),
  });
  if (parsed.success) return parsed.data;
  throw new RecourseError('invalid-input', {
    issues: aboutInput(inputIssues(parsed.error), decisionMadeOf),
  });
}
