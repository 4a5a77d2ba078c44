import { watched, type WatchedAlert } from '@recourse/protocol';
import { counted } from '../parts/words.ts';

/** What an alert says, `{}` for what it reads: the words of operate/prometheus-rules.yaml, held by a test. */
export const alertWords: Readonly<Record<WatchedAlert, string>> = {
  RecourseLogLate: 'An entry waits {} for its place in the log.',
  RecourseLogUnsigned: 'Entries of the log are unsigned for {}.',
  RecourseLogUnserved: '{} signed entries are not served.',
  RecourseWitnessBehind: '{} witnesses do not cosign.',
  RecoursePrefixSetFull: 'The largest prefix set has {} of the tokens that it may have.',
  RecourseDueLate: '{} deadlines of one kind have passed and are not written.',
  RecourseDueFailing: '{} deadlines of one kind fail again and again.',
  RecourseReportFailing: 'The transparency report of the day was not made.',
  RecourseNoticesWaiting: 'A notice to a creator waits {}.',
  RecourseRecallsOverdue: '{} recalls are overdue.',
  RecourseEventsWaiting: 'A platform has not read an event for {}.',
  RecourseArchiveFailing: 'PostgreSQL cannot archive its WAL.',
};

/** Whom it is about, as a line of the page names it. */
export const alertTitles: Readonly<Record<WatchedAlert, string>> = {
  RecourseLogLate: 'Entries that wait for the log',
  RecourseLogUnsigned: 'Entries that wait for a signature',
  RecourseLogUnserved: 'Signed entries that are not served',
  RecourseWitnessBehind: 'Witnesses that do not cosign',
  RecoursePrefixSetFull: 'Largest prefix set',
  RecourseDueLate: 'Deadlines of one kind, not written',
  RecourseDueFailing: 'Deadlines of one kind, failing',
  RecourseReportFailing: 'Transparency report, failed attempts',
  RecourseNoticesWaiting: 'Oldest notice by mail or text message',
  RecourseRecallsOverdue: 'Recalls overdue',
  RecourseEventsWaiting: 'Oldest event that a platform has not read',
  RecourseArchiveFailing: 'Archive of the database, failing',
};

const units = [
  [172_800, 86_400, 'day', 'days'],
  [7_200, 3_600, 'hour', 'hours'],
  [120, 60, 'minute', 'minutes'],
] as const;

/** Whole units, of the largest that fits twice: `90 minutes`. */
export function lasting(seconds: number): string {
  const unit = units.find(([from]) => seconds >= from);
  if (!unit) return counted(seconds, 'second', 'seconds');
  const [, length, one, many] = unit;
  return counted(Math.floor(seconds / length), one, many);
}

/** What an alert reads, or allows, in its unit. */
export function measured(alert: WatchedAlert, value: number): string {
  const { unit } = watched[alert];
  if (unit === 'seconds') return lasting(value);
  return unit === 'share'
    ? value.toLocaleString(undefined, { style: 'percent' })
    : value.toLocaleString();
}

export const saidBy = (alert: WatchedAlert, value: number): string =>
  alertWords[alert].replace('{}', measured(alert, value));
