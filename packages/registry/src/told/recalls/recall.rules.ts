import {
  actionsByTrust,
  fitsKind,
  fromNumericDate,
  Problem,
  type OpInput,
  type Outcome,
  type RecallKind,
  type Role,
} from '@recourse/protocol';
import { invalid, refusal } from '../../kernel/refusal.ts';

/** A recall as it is when somebody acknowledges it. */
export interface OwedRecall {
  readonly kind: RecallKind;
  readonly issuedAt: Date;
  readonly isAcknowledged: boolean;
  readonly isSuperseded: boolean;
  /** The outcomes that the platform reported of the matches in which it was told of the sanction */
  readonly reported: ReadonlySet<Outcome>;
}

export type AcknowledgedAction = Pick<OpInput<'recalls.acknowledge'>, 'action' | 'ownGrounds'>;

/** Refuses an act that does not fit the recall, or what the platform said before. */
export function refuseAcknowledgement(
  recall: OwedRecall,
  acknowledged: AcknowledgedAction,
  by: { role: Role; now: Date },
): Problem | undefined {
  const { action } = acknowledged;
  if (recall.isSuperseded) return refusal('state-conflict', 'recall', 'superseded');
  if (recall.isAcknowledged) return refusal('state-conflict', 'recall', 'acknowledged');
  if (!fitsKind(action, recall.kind)) return invalid('action', 'another-kind');
  if (actionsByTrust.has(action) && by.role !== 'trust') return new Problem('role-not-allowed');
  return contradicts(recall, acknowledged) ?? refuseGrounds(recall, acknowledged, by.now);
}

/** A platform that said it refused somebody has acted; one that did not has no refusal to lift. */
function contradicts(
  { reported }: OwedRecall,
  { action }: AcknowledgedAction,
): Problem | undefined {
  const burdened = reported.has('refused') || reported.has('admitted-with-safeguards');
  if (action === 'never-acted' && burdened) return refusal('state-conflict', 'action', 'has-acted');
  if (action === 'refusal-lifted' && !reported.has('refused'))
    return refusal('state-conflict', 'action', 'no-refusal');
  return undefined;
}

/**
 * `kept-on-own-grounds` needs a review of its own, later than the recall, and notice of it to the creator.
 * A pause asks for no answer that lasts: there is nothing to keep.
 */
function refuseGrounds(
  { kind, issuedAt }: OwedRecall,
  { action, ownGrounds }: AcknowledgedAction,
  now: Date,
): Problem | undefined {
  if (action !== 'kept-on-own-grounds')
    return ownGrounds && invalid('ownGrounds', 'of-another-action');
  if (kind === 'pause') return invalid('action', 'another-kind');
  if (!ownGrounds) return invalid('ownGrounds', 'required');
  const reviewedAt = fromNumericDate(ownGrounds.reviewedAt);
  const noticeSentAt = fromNumericDate(ownGrounds.noticeSentAt);
  if (reviewedAt <= issuedAt) return invalid('ownGrounds.reviewedAt', 'too-early');
  if (reviewedAt > now) return invalid('ownGrounds.reviewedAt', 'in-the-future');
  if (noticeSentAt < reviewedAt) return invalid('ownGrounds.noticeSentAt', 'too-early');
  if (noticeSentAt > now) return invalid('ownGrounds.noticeSentAt', 'in-the-future');
  return undefined;
}
