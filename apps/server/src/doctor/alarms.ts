import {
  countAlarms,
  countDueByKind,
  type AlarmCounts,
  type Db,
  type Deadlines,
} from '@recourse/registry';

/** Alarm clocks and what is due, as an operator sees them. */
export interface AlarmFindings {
  readonly alarms: AlarmCounts;
  /** What is due and not written down, by kind; all of it is right when read */
  readonly due: Readonly<Record<string, number>>;
  readonly isWell: boolean;
}

/** Servers look every 5 seconds, and take up what was lost within 5 minutes. */
const lateMinutes = 10;

export async function examineAlarms(
  db: Db,
  { now, deadlines }: { now: Date; deadlines: Deadlines },
): Promise<AlarmFindings> {
  const alarms = await countAlarms(db);
  const due = await countDueByKind(db, { now, deadlines });
  const { oldestOverdue, failed } = alarms;
  const isLate = oldestOverdue !== null && minutesSince(oldestOverdue, now) >= lateMinutes;
  return { alarms, due, isWell: failed === 0 && !isLate };
}

/** Each finding on a line, then what to do. */
export function explainAlarms({ alarms, due, isWell }: AlarmFindings, now: Date): string[] {
  const { pending, overdue, oldestOverdue, failed } = alarms;
  const since = oldestOverdue
    ? `, the oldest for ${Math.floor(minutesSince(oldestOverdue, now))} min`
    : '';
  return [
    `${String(pending).padStart(8)}  alarms set for later`,
    `${String(overdue).padStart(8)}  alarms due${since}`,
    `${String(failed).padStart(8)}  alarms given up in the last 7 days`,
    ...Object.entries(due).map(
      ([kind, n]) => `${String(n).padStart(8)}  ${kind} due and not written`,
    ),
    isWell ? 'The alarms are well.' : whatToDo(alarms),
  ];
}

const whatToDo = ({ failed }: AlarmCounts): string =>
  failed > 0
    ? 'Something due cannot be written: read the faults that a server logs as "due", and doctor --ledger names the rows. It is tried again every 5 minutes, and answers are right meanwhile.'
    : 'Nobody rings: start a server, or read what it logs as "alarms". Answers are right meanwhile, but platforms are not told.';

const minutesSince = (then: Date, now: Date): number => (now.getTime() - then.getTime()) / 60_000;
