import { accountCommitment, subjectsRoot, type Problem } from '@recourse/protocol';
import type { DraftSubmission, Facts, OpenedSubmission } from './facts.ts';
import { invalid, refusal } from '../kernel/refusal.ts';

/**
 * The registry opens every commitment before it accepts: a statement whose openings are other than what
 * it commits to could name one creator to the registry and another to those who match.
 */
export function unopenedCommitments({
  statement,
  input,
  commitments,
}: OpenedSubmission): Problem | undefined {
  if (!commitments) return invalid('padding', 'not-eight-leaves');
  if (subjectsRoot(commitments) !== statement.subjects) {
    return invalid('statement.subjects', 'commitment-mismatch');
  }
  return accountCommitment(input.account) === statement.account
    ? undefined
    : invalid('statement.account', 'commitment-mismatch');
}

/** One identifier is one subject: given twice it would stand in for a second one. */
export function duplicateSubject({ input }: OpenedSubmission): Problem | undefined {
  const seen = new Set(input.tokens.map(({ kind, token }) => `${kind} ${token}`));
  return seen.size === input.tokens.length ? undefined : invalid('tokens', 'duplicate-subject');
}

/**
 * The subjects of a statement are tokens of one epoch, that of all live records: under two, one identifier would look
 * like two. While two are live it is the older one, since under the newer one what was recorded before is not there yet.
 */
export function epochNotOfRecords(
  { subjects }: DraftSubmission,
  facts: Facts,
): Problem | undefined {
  const epochs = new Set(subjects.map(({ epoch }) => epoch));
  if (epochs.size > 1) return invalid('tokens', 'mixed-epochs');
  const other = subjects.findIndex(({ epoch }) => epoch !== facts.recordsEpoch);
  return other < 0
    ? undefined
    : refusal('unknown-epoch', `tokens.${other}.epoch`, 'not-of-records');
}

/**
 * A record that ended early without tokens of this epoch cannot be told from a new one: what was reversed or withdrawn
 * would come back by a rotation of the key. Its submitter makes its tokens anew, or records later conduct.
 */
export const leftBehind = (_: DraftSubmission, facts: Facts): Problem | undefined =>
  facts.leftBehind
    ? refusal('already-decided', 'statement.incident_from', 'not-retokenised')
    : undefined;

const controlDays = 90;

/**
 * An identifier whose control the submitter did not itself prove, or proved outside incident_from - 90 d ..
 * incident_to. What was there before a takeover is the victim's: its subjects were added in it.
 */
export function controlNotProven({ statement, subjects }: OpenedSubmission): Problem | undefined {
  const before = statement.reason === 'identity.account-takeover' ? 0 : controlDays * 86_400;
  const from = statement.incident_from - before;
  const outside = subjects.findIndex(
    ({ provenAt }) => provenAt < from || provenAt > statement.incident_to,
  );
  return outside < 0
    ? undefined
    : refusal('control-not-proven', `tokens.${outside}.provenAt`, 'outside-the-incident');
}

/** No attestation that takeover was looked for. */
export const takeoverNotLookedFor = ({ statement }: OpenedSubmission): Problem | undefined =>
  statement.attest.includes('no-takeover')
    ? undefined
    : refusal('control-not-proven', 'statement.attest', 'takeover-not-looked-for');
