import {
  isAskedAt,
  withholdsReason,
  type AppealGround,
  type Corroboration,
  type PauseCause,
  type Purpose,
  type ReasonCode,
} from '@recourse/protocol';
import { hasEnded, type Endings } from '../../records/life.rules.ts';
import { inProbation, recordsEndAt } from '../../records/membership.rules.ts';
import {
  answersFrom,
  appealIsOpen,
  endsLate,
  isOverdue,
  standingCauses,
  type OpenAppeal,
} from '@recourse/protocol/review';

/** Records shown for one token at most. */
const shownPerToken = 8;

/** A sanction that another one evades, directly or through others: that one ends with it. */
export interface EvadedFacts {
  readonly sanction: string;
  readonly version: number;
  readonly endings: Endings;
}

/** An open appeal, as far as a check tells of it. */
export interface AppealFacts extends OpenAppeal {
  readonly ground: AppealGround;
  readonly evidenceConfirmedAt: Date | null;
}

/** What decides whether a record answers at one instant, for one of its subjects. */
export interface LifeFacts {
  readonly submittedAt: Date | null;
  /** When the hold of this subject ends */
  readonly visibleFrom: Date | null;
  /** When it answers \`review\`: a notice was delivered to it */
  readonly reviewFrom: Date | null;
  readonly expiresAt: Date;
  /** Numbers and accounts are recycled: a subject may stop matching before its sanction expires */
  readonly matchesUntil: Date;
  readonly ended: boolean;
  /** The causes that its rows say; null for none */
  readonly suspendedFor: readonly PauseCause[] | null;
  /** From here on nothing that the statement's key signed counts; null while the key stands */
  readonly keyCutoff: Date | null;
  /** When its submitter left, where the panel did not confirm it */
  readonly leftAt: Date | null;
  readonly evaded: readonly EvadedFacts[];
  readonly appeal: AppealFacts | null;
  /** Until when a derived record has to be confirmed; null where nothing has to be */
  readonly derivedDueAt: Date | null;
}

/** What the selection of an answer reads of a record. */
export interface RecordFacts extends LifeFacts {
  readonly sanction: string;
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

/** Visible and in force: computed when read, whatever jobs have done. */
export const answersAt = (record: LifeFacts, now: Date): boolean =>
  isPast(record.visibleFrom, record, now) && isInForceAt(record, now);

/** The notice reached it, and its hold is over. */
export const reviewsAt = (record: Pick<LifeFacts, 'reviewFrom' | 'appeal'>, now: Date): boolean =>
  isPast(record.reviewFrom, record, now);

function isPast(holdEnds: Date | null, { appeal }: Pick<LifeFacts, 'appeal'>, now: Date): boolean {
  const from = answersFrom(holdEnds, appeal);
  return from !== null && from <= now;
}

/** Submitted, not ended, not suspended, not expired. */
export function isInForceAt(record: LifeFacts, now: Date): boolean {
  const { submittedAt, appeal } = record;
  if (submittedAt === null || isOver(record, now)) return false;
  if (record.keyCutoff !== null && submittedAt >= record.keyCutoff) return false;
  if (record.derivedDueAt !== null && record.derivedDueAt <= now) return false;
  if (standingCauses(record.suspendedFor ?? [], appeal, now).length > 0) return false;
  return !(appeal && isOverdue(appeal, now));
}

/** Ended, expired, over by a late appeal, or with one that it evades. */
function isOver(record: LifeFacts, now: Date): boolean {
  if (record.ended || record.expiresAt <= now || record.matchesUntil <= now) return true;
  if (isOverByLeaving(record, now)) return true;
  // A withdrawal that takes effect after a deadline comes too late to undo it.
  if (record.appeal && endsLate(record.appeal, now)) return true;
  return record.evaded.some(({ endings }) => hasEnded(endings, now));
}

const isOverByLeaving = ({ leftAt }: Pick<LifeFacts, 'leftAt'>, now: Date): boolean =>
  leftAt !== null && recordsEndAt(leftAt) <= now;

/** Disputed: an appeal is open. */
export const isDisputed = ({ appeal }: Pick<LifeFacts, 'appeal'>, now: Date): boolean =>
  appeal !== null && appealIsOpen(appeal, now);

/**
 * Where the ground is not-me, recycled or facts-wrong the reason is not told until evidence has been delivered
 * and confirmed, unless the code has a person to protect.
 */
export const isReasonWithheld = (
  record: Pick<RecordFacts, 'appeal' | 'reason'>,
  now: Date,
): boolean =>
  record.appeal !== null &&
  isDisputed(record, now) &&
  record.appeal.evidenceConfirmedAt === null &&
  withholdsReason(record.appeal.ground, record.reason);

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
  const same = ({ sanction, position }: R): readonly R[] =>
    bySubject.get(`${sanction} ${position}`) ?? [];
  const around = (record: R): R[] => same(record).flatMap(({ token }) => byToken.get(token) ?? []);
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
  const others = counted.filter((other) => !isOfOneGroup(other, record));
  if (others.length === 0) return 'none';
  return isSeveral(others) ? 'several' : 'one-other';
}

/** A party may count to several groups: with whom it shares any of them, it is one. */
const isOfOneGroup = (a: RecordFacts, b: RecordFacts): boolean =>
  a.party === b.party || a.groups.some((group) => b.groups.includes(group));

/** Whether records are of more than one group, where whoever shares a group with one of them belongs to it. */
function isSeveral([first, ...rest]: readonly RecordFacts[]): boolean {
  const one = first ? [first] : [];
  let apart = rest;
  for (let found = one; found.length > 0;) {
    found = apart.filter((other) => one.some((known) => isOfOneGroup(known, other)));
    one.push(...found);
    apart = apart.filter((other) => !found.includes(other));
  }
  return apart.length > 0;
}

const isOfProbation = ({ submittedAt, probationUntil }: RecordFacts): boolean =>
  submittedAt === null || probationUntil === null || inProbation({ probationUntil }, submittedAt);

function oldestFirst(a: RecordFacts, b: RecordFacts): number {
  const byTime = (a.visibleFrom?.getTime() ?? 0) - (b.visibleFrom?.getTime() ?? 0);
  return byTime || (a.sanction < b.sanction ? -1 : 1);
}
