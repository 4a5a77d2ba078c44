import { isAskedAt, type Corroboration, type Purpose, type ReasonCode } from '@recourse/protocol';
import { addDays } from '../bounds.ts';

/** Records shown for one token at most. */
const shownPerToken = 8;

/** A sanction that another one evades, directly or through others: that one ends with it. */
export interface EvadedFacts {
  readonly sanction: string;
  readonly version: number;
  readonly expiresAt: Date;
  readonly ended: boolean;
}

/** What decides whether a record answers at one instant, for one of its subjects. */
export interface LifeFacts {
  readonly submittedAt: Date | null;
  readonly visibleFrom: Date | null;
  readonly expiresAt: Date;
  /** Numbers and accounts are recycled: a subject may stop matching before its sanction expires */
  readonly matchesUntil: Date;
  readonly ended: boolean;
  readonly suspended: boolean;
  /** From here on nothing that the statement's key signed counts; null while the key stands */
  readonly keyCutoff: Date | null;
  readonly evaded: readonly EvadedFacts[];
}

/** What the selection of an answer reads of a record. */
export interface RecordFacts extends LifeFacts {
  readonly sanction: string;
  /** Index of the token in the input */
  readonly token: number;
  readonly party: string;
  readonly group: string;
  readonly registeredAt: Date;
  readonly reason: ReasonCode;
  readonly priorMatch: boolean;
}

export interface Asking {
  readonly party: string;
  readonly purpose: Purpose;
  readonly now: Date;
  /** A platform corroborates nobody in the first days of its membership */
  readonly probationDays: number;
}

/** Visible, submitted, not ended, not suspended, not expired: computed when read, whatever jobs have done. */
export function answersAt(record: LifeFacts, now: Date): boolean {
  const { submittedAt, visibleFrom } = record;
  if (submittedAt === null || visibleFrom === null || visibleFrom > now) return false;
  if (record.ended || record.suspended) return false;
  if (record.keyCutoff !== null && submittedAt >= record.keyCutoff) return false;
  if (record.expiresAt <= now || record.matchesUntil <= now) return false;
  return record.evaded.every((evaded) => !evaded.ended && evaded.expiresAt > now);
}

/** A record of an answer with what other groups say about the same token. */
export interface Selected<R> {
  readonly record: R;
  readonly corroboration: Corroboration;
}

/**
 * The records that one answer shows, oldest first within a token, at most eight of each. A reason that is
 * not asked at this purpose is as if absent: neither shown nor counted. Own records are counted only.
 */
export function selectAnswer<R extends RecordFacts>(
  records: readonly R[],
  asking: Asking,
): Selected<R>[] {
  const live = records.filter(
    (record) => answersAt(record, asking.now) && isAskedAt(record.reason, asking.purpose),
  );
  const byToken = Map.groupBy(live, (record) => record.token);
  return [...byToken]
    .sort(([a], [b]) => a - b)
    .flatMap(([, onToken]) =>
      onToken
        .filter((record) => record.party !== asking.party)
        .sort(oldestFirst)
        .slice(0, shownPerToken)
        .map((record) => ({ record, corroboration: corroborationOf(record, onToken, asking) })),
    );
}

/**
 * `none`, `one-other`, `several`: other groups with a live own record on the same token. A record made
 * after a match is an echo: shown, never counted.
 */
export function corroborationOf(
  record: RecordFacts,
  live: readonly RecordFacts[],
  { now, probationDays }: Pick<Asking, 'now' | 'probationDays'>,
): Corroboration {
  const counted = live.filter(
    (other) => !other.priorMatch && addDays(other.registeredAt, probationDays) <= now,
  );
  const groups = new Set(counted.map((other) => other.group));
  groups.delete(record.group);
  if (groups.size === 0) return 'none';
  return groups.size === 1 ? 'one-other' : 'several';
}

function oldestFirst(a: RecordFacts, b: RecordFacts): number {
  const byTime = (a.visibleFrom?.getTime() ?? 0) - (b.visibleFrom?.getTime() ?? 0);
  return byTime || (a.sanction < b.sanction ? -1 : 1);
}
