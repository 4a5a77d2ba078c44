import {
  reasonsCommitment,
  signCompact,
  strikesCommitment,
  toNumericDate,
  type CountedCase,
  type Id,
  type OpOutput,
  type PanelOutcome,
  type PanelVote,
} from '@recourse/protocol';
import { randomSalt } from '../random.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

/** A reviewer's vote on an item of the panel. */
export interface VoteInput {
  /** Id of the item */
  readonly item: Id<'itm'>;

  /** One of the outcomes of its kind */
  readonly outcome: PanelOutcome;
  /** For the party, up to 20,000 characters; read by nobody before every vote is in */
  readonly reasons: string;
  /** Of `strike`: the cases that should count neither for nor against the group */
  readonly strikes?: readonly CountedCase[] | undefined;
}

/** Signs the vote with the reviewer key, committed to its reasons, and sends both. */
export async function vote(
  session: Session,
  { item, outcome, reasons: text, strikes }: VoteInput,
  options?: CallOptions,
): Promise<OpOutput<'review.vote'>> {
  const signer = needSigner(session.signers, 'reviewer');
  const reasons = { text, salt: randomSalt(session.random) };
  const payload: PanelVote = {
    iss: 'panel',
    aud: session.origin,
    item,
    outcome,
    reasons: reasonsCommitment(reasons),
    ...(strikes ? { strikes: strikesCommitment(strikes, reasons.salt) } : {}),
    iat: toNumericDate(session.transport.now()),
  };
  const signed = await signCompact(signer, 'recourse-panel-vote+jwt', { ...payload });
  const body = { vote: signed, reasons, ...(strikes ? { strikes: [...strikes] } : {}) };
  const answer = await session.transport.send('review.vote', body, options);
  return answer.result;
}
