import {
  isAskedAt,
  withholdsReason,
  type AppealGround,
  type Corroboration,
  type Purpose,
  type ReasonCode,
} from '@recourse/protocol';
import { answersFrom } from '@recourse/protocol/review';
import { isDisputedAt, isUnexaminedAt, stateAt, type Life } from '../../records/life.rules.ts';
import { inProbation } from '../../records/membership.rules.ts';

/** Records shown for one token at most. */
const shownPerToken = 8;

/** The facts of a record that the selection of an answer reads. */
export interface RecordFacts {
  readonly sanction: string;
  /** It answers for this subject from when the hold of the subject ends */
  readonly life: Life;
  /** When it answers `review`: a notice was delivered to it */
  readonly reviewFrom: Date | null;
  /** Numbers and accounts are recycled: a subject may stop matching before its sanction expires */
  readonly matchesUntil: Date;
  /** The ground of the open appeal */
  readonly ground: AppealGround | null;
  readonly evidenceConfirmedAt: Date | null;
  /** Index of the token in the input */
  readonly token: number;
  readonly epoch: number;
  /** Place in the subject tree, the same under every epoch */
  readonly position: number;
  readonly party: string;
  /** Those that its submitter counts to */
  readonly groups: readonly string[];
  /** Until when the records of its submitter corroborate nothing */
  readonly probationUntil: Date | null;
  readonly reason: ReasonCode;
  readonly priorMatch: boolean;
}

export interface CheckQuery {
  readonly party: string;
  readonly purpose: Purpose;
  readonly now: Date;
}

/** Visible, as its life says at this instant, and still of the same person. */
export const answersAt = (record: RecordFacts, now: Date): boolean =>
  isCurrent(record, now) && stateAt(record.life, now).state === 'visible';

/** The notice reached it, and its hold is over. */
export function reviewsAt({ reviewFrom, life }: RecordFacts, now: Date): boolean {
  const from = answersFrom(reviewFrom, life.appeal);
  return from !== null && from <= now;
}

/** Submitted, not ended and not suspended, though its own hold may last. */
export function isInForceAt(record: RecordFacts, now: Date): boolean {
  const { state } = stateAt(record.life, now);
  return isCurrent(record, now) && (state === 'visible' || state === 'held');
}

const isCurrent = ({ matchesUntil }: RecordFacts, now: Date): boolean => matchesUntil > now;

/**
 * Where the ground is not-me, recycled or facts-wrong the reason is not told until evidence has been delivered
 * and confirmed, unless the code has a person to protect. Nor is it, of whatever code, of a record of a suspended party
 * that nobody examined in time.
 */
export const isReasonWithheld = (
  { life, ground, evidenceConfirmedAt, reason }: RecordFacts,
  now: Date,
): boolean =>
  isUnexaminedAt(life, now) ||
  (ground !== null &&
    isDisputedAt(life, now) &&
    evidenceConfirmedAt === null &&
    withholdsReason(ground, reason));

/** A record of an answer with what other groups say about the same token. */
export interface SelectedRecord<R> {
  readonly record: R;
  readonly corroboration: Corroboration;
}

/**
 * The records that one answer shows, oldest first within a token, at most eight of each. A reason that is
 * not asked at this purpose is as if absent: neither shown nor counted. Own records are counted only. A subject that
 * was asked about under two epochs is shown under the newer one, and corroborated by what is on either token.
 */
export function selectAnswer<R extends RecordFacts>(
  records: readonly R[],
  asking: CheckQuery,
): SelectedRecord<R>[] {
  const live = records.filter(
    (record) => answersAt(record, asking.now) && isAskedAt(record.reason, asking.purpose),
  );
  const byToken = Map.groupBy(live, (record) => record.token);
  const bySubject = Map.groupBy(live, ({ sanction, position }) => `${sanction} ${position}`);
  // Each that is live is in both.
  const same = ({ sanction, position }: R): readonly R[] =>
    bySubject.get(`${sanction} ${position}`)!;
  const around = (record: R): R[] => same(record).flatMap(({ token }) => byToken.get(token)!);
  return [...byToken]
    .sort(([a], [b]) => a - b)
    .flatMap(([, onToken]) =>
      onToken
        .filter((record) => record.party !== asking.party)
        .filter((record) => same(record).every(({ epoch }) => epoch <= record.epoch))
        .sort(oldestFirst)
        .slice(0, shownPerToken)
        .map((record) => ({ record, corroboration: corroborationOf(record, around(record)) })),
    );
}

/**
 * `none`, `one-other`, `several`: other groups with a live own record on the same token. A record made
 * after a match is a derived record: shown, never counted, and not corroborated by what it may have been copied from.
 * One of a probation stays one, and is not counted either.
 */
export function corroborationOf(record: RecordFacts, live: readonly RecordFacts[]): Corroboration {
  if (record.priorMatch) return 'none';
  const counted = live.filter((other) => !other.priorMatch && !isOfProbation(other));
  const [first, ...rest] = counted.filter((other) => !isOfOneGroup(other, record));
  if (!first) return 'none';
  return isSeveral(first, rest) ? 'several' : 'one-other';
}

/** A party may count to several groups: with whom it shares any of them, it is one. */
const isOfOneGroup = (a: RecordFacts, b: RecordFacts): boolean =>
  a.party === b.party || a.groups.some((group) => b.groups.includes(group));

/** True where records are of more than one group: whoever shares a group with one of them belongs to it. */
function isSeveral(first: RecordFacts, rest: readonly RecordFacts[]): boolean {
  const one = [first];
  let apart = rest;
  for (let found = one; found.length > 0;) {
    found = apart.filter((other) => one.some((known) => isOfOneGroup(known, other)));
    one.push(...found);
    apart = apart.filter((other) => !found.includes(other));
  }
  return apart.length > 0;
}

const isOfProbation = ({ life: { submittedAt }, probationUntil }: RecordFacts): boolean =>
  submittedAt === null || probationUntil === null || inProbation({ probationUntil }, submittedAt);

function oldestFirst(a: RecordFacts, b: RecordFacts): number {
  const byTime = (a.life.visibleFrom?.getTime() ?? 0) - (b.life.visibleFrom?.getTime() ?? 0);
  return byTime || (a.sanction < b.sanction ? -1 : 1);
}
