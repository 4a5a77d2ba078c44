import {
  toTimestamp,
  type CaseView,
  type HistoryCause,
  type HistoryEvent,
} from '@recourse/protocol';
import { ticketsOf, type ToldRow } from '../../cases/view-store.ts';
import type { Db } from '../../kernel/database.ts';
import { historyOf } from '../../records/store.ts';
import { reviewOf } from '../../submissions/derived/store.ts';
import { exchangeOf, type inquiriesAbout } from '../../submissions/inquiries/store.ts';

interface Line {
  readonly at: Date;
  readonly event: HistoryEvent;
  readonly cause: HistoryCause | null;
}

/** What happened to a record, and what does not touch it, of which no platform reads: the tickets that open it. */
export async function linesOf(db: Db, sanction: string): Promise<Line[]> {
  const issued = (await ticketsOf(db, sanction)).map(({ at }): Line => ({
    at,
    event: 'ticket-issued',
    cause: null,
  }));
  const events: Line[] = await historyOf(db, sanction);
  return [...events, ...issued].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

export const lineOf = (line: Line) => ({
  at: toTimestamp(line.at),
  event: line.event,
  ...(line.cause === null ? {} : { cause: line.cause }),
});

/** Made after its platform was told of another record, which fell: from then on it is on its own. */
export async function derivedReviewIn(
  db: Db,
  sanction: string,
): Promise<Pick<CaseView, 'echoReview'>> {
  const review = await reviewOf(db, sanction);
  if (!review) return {};
  const { started_at, due_at, ends_at, confirmed_at } = review;
  return {
    echoReview: {
      startedAt: toTimestamp(started_at),
      dueAt: toTimestamp(due_at),
      endsAt: toTimestamp(ends_at),
      ...(confirmed_at ? { confirmedAt: toTimestamp(confirmed_at) } : {}),
    },
  };
}

export const askedBy = (row: Awaited<ReturnType<typeof inquiriesAbout>>[number], now: Date) => ({
  by: row.party,
  name: row.name,
  ...exchangeOf(row, now),
});

export function toldLine(row: ToldRow, now: Date): NonNullable<CaseView['told']>[number] {
  return {
    party: row.party as NonNullable<CaseView['told']>[number]['party'],
    name: row.name,
    toldAt: toTimestamp(row.told_at),
    purpose: row.purpose,
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
    ...(row.kind && row.due_at
      ? { recall: recallOf({ ...row, kind: row.kind, due_at: row.due_at }, now) }
      : {}),
  };
}

const recallOf = (
  {
    kind,
    due_at,
    action,
    acknowledged_at,
  }: ToldRow & { kind: 'undo' | 'pause' | 'correct'; due_at: Date },
  now: Date,
) => ({
  kind,
  dueAt: toTimestamp(due_at),
  overdue: acknowledged_at === null && due_at < now,
  ...(action && acknowledged_at ? { action, acknowledgedAt: toTimestamp(acknowledged_at) } : {}),
});
