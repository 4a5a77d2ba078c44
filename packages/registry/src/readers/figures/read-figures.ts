import type { Deadlines } from '@recourse/protocol/review';
import type { Db } from '../../kernel/database.ts';
import { countFailing } from '../../scheduler/failure-store.ts';
import { countDueByKind } from '../../scheduler/settle-due.ts';
import {
  readArchiveFigures,
  readDutyFigures,
  readMostTokens,
  readLogFigures,
  readWitnessFigures,
  type ArchiveFigures,
  type DutyFigures,
  type LogFigures,
  type WitnessFigures,
} from './figures-store.ts';

/** Figures of the tables that an operator watches: numbers alone, and names of closed lists. */
export interface Figures {
  readonly log: LogFigures;
  readonly witnesses: WitnessFigures;
  readonly duties: DutyFigures;
  readonly archive: ArchiveFigures;
  /** Tokens of the largest prefix set */
  readonly prefixTokens: number;
  /** Deadlines that have passed and are not written, by kind; none of a kind that cannot be counted */
  readonly due: Readonly<Record<string, number>>;
  /** Those that failed and are tried again, by kind */
  readonly failing: Readonly<Record<string, number>>;
}

/** How long the oldest of each has waited, in seconds; 0 where none waits. */
export function waitsOf({ log, witnesses, duties }: Figures, now: Date) {
  const since = (at: Date | null): number =>
    at ? Math.max(0, (now.getTime() - at.getTime()) / 1000) : 0;
  return {
    pending: since(log.pendingSince),
    /** Since the newest checkpoint, while entries are unsigned */
    unsigned: log.size > log.signed ? since(log.signedAt) : 0,
    /** Since the newest cosignature, whether or not another is owed */
    cosigned: since(witnesses.newestAt),
    events: since(duties.eventsSince),
    notices: since(duties.noticesSince),
  };
}

/** Reads by index, but for some counts of what is open: for every few seconds, not for every request. */
export async function readFigures(
  db: Db,
  query: { now: Date; deadlines: Deadlines },
): Promise<Figures> {
  const failing: Record<string, number> = {};
  for (const { kind, n } of await countFailing(db)) failing[kind] = (failing[kind] ?? 0) + n;
  return {
    log: await readLogFigures(db),
    witnesses: await readWitnessFigures(db),
    duties: await readDutyFigures(db, query.now),
    archive: await readArchiveFigures(db),
    prefixTokens: await readMostTokens(db),
    due: await countDueByKind(db, { ...query, timersOnly: true, passOver: true }),
    failing,
  };
}
