import { opCommand } from '../op-command.ts';
import { id } from '../options.ts';
import { printableText } from '../terminal.ts';

const appeal = opCommand({
  op: 'parties.appealSuspension',
  name: 'appeal',
  about: 'appeal a suspension by the panel, once; needs the trust key of an admin',
  args: { item: id('itm', 'as standing names it') },
  print: ({ item, dueAt }) =>
    `${item}: three other reviewers decide by ${dueAt}, or the suspension ends.`,
});

/** How the own party answers for its errors, and what it may check. */
export const standingCommand = opCommand({
  op: 'parties.standing',
  about:
    'reversals, warning and suspension of your party, what the panel decides, its quota of checks, and records withdrawn for want of a notice',
  commands: [appeal],
  print: ({ figures, warnedAt, reenrolment, suspensions, checks, backlog, notices, items }) => [
    `Reversed ${figures.reversed} of ${figures.decided} appeals in 365 days.`,
    warnedAt !== undefined && `Warned ${warnedAt}.`,
    reenrolment &&
      `Operators announced new keys of your party, from ${reenrolment.effectiveAt}. If yours are not lost: recourse keys keep.`,
    suspensions.map(({ cause, since, item }) => [
      `Suspended since ${since}: ${cause}.`,
      item !== undefined && `Appeal it: recourse standing appeal ${item}`,
    ]),
    `Elements left to check: ${checks.left} of ${checks.bucket} a day${checks.left < checks.bucket ? `; all of them ${checks.fullAt}` : ''}.`,
    checks.alarms.map(({ kind, at, counts }) => [
      `Checks are stopped since ${at}: ${kind} (${Object.entries(counts)
        .map(([name, n]) => `${name} ${n}`)
        .join(', ')}).`,
      'Tell the operators what happened: they lift it, and log what it was.',
    ]),
    `${backlog.waiting} appeals on records of your group had no reviewer for ten days; above ${backlog.limit} your new records are held.`,
    backlog.held > 0 && `${backlog.held} of your records are held until there are fewer.`,
    notices.withdrawn.map(
      ({ sanction, at }) => `${sanction} was withdrawn ${at}: nobody was told of it in time.`,
    ),
    notices.due.map(
      ({ sanction, at }) =>
        `${sanction} is withdrawn ${at} unless its creator is told before: recourse notify ${sanction}`,
    ),
    items.map(({ item, kind, dueAt, outcome, reasons }) => [
      `\n${item} ${kind}: ${outcome ?? `open, due ${dueAt}`}`,
      reasons.map(printableText),
    ]),
  ],
});
