import {
  fromBase64url,
  isId,
  toBase64url,
  toTimestamp,
  utf8,
  type SanctionRecord,
} from '@recourse/protocol';
import { isDisputedAt, suspensionsAt } from '../records/life.rules.ts';
import { deliveredHours, firstOf } from './answering.rules.ts';
import { answersFrom, type Deadlines } from '@recourse/protocol/review';
import {
  expiryOf,
  isBacklogged,
  lifeOf,
  reasonOf,
  standingOf,
  visibleFromOf,
} from '../records/record.ts';
import { toldNumber } from '../told/recalls/told-number.rules.ts';
import { invalid } from '../kernel/refusal.ts';
import type { SanctionRow } from '../records/store.ts';

/** Returns what every answer about a sanction says of it. */
export function resultOf(
  row: SanctionRow,
  now: Date,
): Pick<SanctionRecord, 'sanction' | 'state' | 'version'> {
  return {
    sanction: row.id,
    state: standingOf(row, now).state,
    version: row.version,
  };
}

/** A sanction as its submitter sees it. */
export function recordOf(row: SanctionRow, options: { now: Date; told: number }): SanctionRecord {
  const { ended } = standingOf(row, options.now);
  const { derived_due_at: dueAt } = row;
  return {
    ...resultOf(row, options.now),
    disputed: isDisputedAt(lifeOf(row), options.now),
    reason: reasonOf(row),
    statement: row.statement,
    submittedAt: toTimestamp(row.submitted_at ?? row.drafted_at ?? options.now),
    ...datesOf(row),
    ...(ended ? { endedAt: toTimestamp(ended.at) } : {}),
    ...(ended?.cause === undefined ? {} : { cause: ended.cause }),
    suspendedFor: ended ? [] : [...suspensionsAt(lifeOf(row), options.now)],
    ...(dueAt && !ended ? { echoReview: { dueAt: toTimestamp(dueAt) } } : {}),
    toldPlatforms: toldNumber(options.told),
    ...(row.ref === null ? {} : { ref: row.ref }),
  };
}

function datesOf(row: SanctionRow) {
  const visible = visibleFromOf(row);
  return {
    ...noticeDueOf(row),
    ...(visible ? { visibleFrom: toTimestamp(visible) } : {}),
    ...draftDatesOf(row),
    ...(isBacklogged(row) && !row.end_recorded ? { backlogged: true as const } : {}),
    expiresAt: toTimestamp(expiryOf(row)),
  };
}

function draftDatesOf(row: SanctionRow): { lapsesAt?: string; returnedAt?: string } {
  const { draft_lapses_at: at, submitted_at: submittedAt, returned_by: by } = row;
  if (!at || submittedAt) return {};
  return by === null ? { lapsesAt: toTimestamp(at) } : { returnedAt: toTimestamp(at) };
}

/** Until when it has to be told of, or is withdrawn */
export const noticeDueOf = (row: SanctionRow): { noticeDueAt?: string } =>
  row.notice_due_at && !row.notified_at ? { noticeDueAt: toTimestamp(row.notice_due_at) } : {};

/** From when one of its identifiers answers, and from when it answers `review`. */
export function answersOf(
  row: SanctionRow,
  reviewFrom: Date | null,
): { answersFrom?: string; reviewFrom?: string } {
  const { appeal } = lifeOf(row);
  if (isBacklogged(row)) return {};
  const [answers, reviews] = [firstOf([reviewFrom, row.others_from]), reviewFrom].map((at) =>
    answersFrom(at, appeal),
  );
  return {
    ...(answers ? { answersFrom: toTimestamp(answers) } : {}),
    ...(reviews ? { reviewFrom: toTimestamp(reviews) } : {}),
  };
}

/** How long it is held from the receipt of a notice that nobody has told of yet. */
export function holdOf(row: SanctionRow, deadlines: Deadlines): { holdHours?: number } {
  const { reason, submitted_at: submittedAt, probation_until: probationUntil, relayed } = row;
  if (!submittedAt || row.notified_at) return {};
  return { holdHours: deliveredHours({ reason, submittedAt, probationUntil, relayed }, deadlines) };
}

/** Cursors are opaque to callers and name no record that is not theirs: lists hold own records only. */
export const cursorOf = (id: string): string => toBase64url(utf8(id));

/** The id a cursor stands for. @throws Problem `invalid-input` on what no list gave out */
export function cursorId(cursor: string): string {
  const id = decoded(cursor);
  if (!isId('snc', id)) throw invalid('cursor', 'unknown');
  return id;
}

function decoded(cursor: string): string | undefined {
  try {
    return new TextDecoder().decode(fromBase64url(cursor));
  } catch {
    return undefined;
  }
}
