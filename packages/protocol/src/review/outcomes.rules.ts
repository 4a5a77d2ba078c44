import type { DecisionOutcome } from '../appeal.ts';
import { dismissDays } from './appeal-clock.rules.ts';
import { dueAt } from './deadlines.ts';

/** Facts that say which outcomes of an appeal are open, whatever else the decision says. */
export interface OutcomeFacts {
  readonly now: Date;
  readonly openedAt: Date;
  readonly ended: boolean;
  readonly evidenceConfirmed: boolean;
  /** `answered`: by everybody whom it was put to */
  readonly gists: readonly { readonly dueAt: Date; readonly answered: boolean }[];
}

/** Why a reviewer cannot decide so now. */
export type WhyClosed =
  | 'record-ended'
  | 'record-live'
  | 'too-late'
  | 'not-confirmed'
  | 'no-gist'
  | 'gist-unanswered';

const ofLive: ReadonlySet<DecisionOutcome> = new Set([
  'upheld',
  'amended',
  'reversed',
  'dismissed',
]);
const ofEnded: ReadonlySet<DecisionOutcome> = new Set(['upheld', 'finding']);

/**
 * On an ended record a decision is a finding. An appeal is dismissed within 5 d. Nothing is upheld on evidence of which
 * the creator had no gist. The creator's silence is never evidence: what they did not answer in ten days is decided
 * on what was delivered and confirmed.
 * @returns nothing where the outcome is open
 */
export function whyClosed(outcome: DecisionOutcome, facts: OutcomeFacts): WhyClosed | undefined {
  const { now, openedAt, ended, evidenceConfirmed, gists } = facts;
  if (!(ended ? ofEnded : ofLive).has(outcome)) return ended ? 'record-ended' : 'record-live';
  if (outcome === 'dismissed') {
    return now > dueAt(openedAt, 24 * dismissDays) ? 'too-late' : undefined;
  }
  if (outcome !== 'upheld' && outcome !== 'amended') return undefined;
  if (!evidenceConfirmed) return 'not-confirmed';
  if (gists.length === 0) return 'no-gist';
  const isHeard = gists.every(({ dueAt: due, answered }) => answered || due <= now);
  return isHeard ? undefined : 'gist-unanswered';
}
