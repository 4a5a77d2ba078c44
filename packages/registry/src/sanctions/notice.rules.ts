import { toNumericDate, type OpInput, type Problem } from '@recourse/protocol';
import type { Standing } from './life.rules.ts';
import { invalid, refusal } from './refusal.ts';

export interface NoticeFacts {
  readonly now: Date;
  readonly standing: Standing;
  readonly submittedAt: Date | null;
  readonly notifiedAt: Date | null;
  readonly subjects: readonly { position: number; kind: string }[];
}

const clockSkewSeconds = 120;

/** Notice is told once, of a submitted record that has not ended, after it was submitted. */
export function refuseNotice(
  notice: OpInput<'sanctions.notify'>,
  facts: NoticeFacts,
): Problem | undefined {
  const { standing, submittedAt, notifiedAt } = facts;
  if (standing.ended) return refusal('state-conflict', 'sanction', 'ended');
  if (!submittedAt) return refusal('state-conflict', 'sanction', 'draft');
  if (notifiedAt) return refusal('state-conflict', 'sanction', 'already-notified');
  if (notice.sentAt > toNumericDate(facts.now) + clockSkewSeconds) {
    return invalid('sentAt', 'in-the-future');
  }
  if (notice.sentAt < toNumericDate(submittedAt) - clockSkewSeconds) {
    return invalid('sentAt', 'before-submission');
  }
  return uncovered(notice.subjects, facts.subjects);
}

/** Every email and phone among the subjects is written to. */
function uncovered(
  indexes: readonly number[],
  subjects: NoticeFacts['subjects'],
): Problem | undefined {
  const places = new Set(subjects.map(({ position }) => position));
  if (indexes.some((index) => !places.has(index))) return invalid('subjects', 'no-such-subject');
  const left = subjects.find(
    ({ position, kind }) => (kind === 'email' || kind === 'phone') && !indexes.includes(position),
  );
  return left && refusal('notice-required', 'subjects', `${left.kind}-not-written-to`);
}
