import { toTimestamp, type CaseView } from '@recourse/protocol';
import type { ToldRow } from '../../cases/view-store.ts';
import type { Db } from '../../kernel/database.ts';
import type { historyOf } from '../../records/store.ts';
import { reviewOf } from '../../submissions/derived/store.ts';
import { exchangeOf, type inquiriesAbout } from '../../submissions/inquiries/store.ts';

export const lineOf = (line: Awaited<ReturnType<typeof historyOf>>[number]) => ({
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
  const { started_at, due_at, confirmed_at } = review;
  return {
    echoReview: {
      startedAt: toTimestamp(started_at),
      dueAt: toTimestamp(due_at),
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
