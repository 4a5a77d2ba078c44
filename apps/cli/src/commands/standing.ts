import type { OpOutput } from '@recourse/protocol';
import { opCommand } from '../op-command.ts';
import { printableText, type Terminal } from '../terminal.ts';
import { id } from './ids.ts';

type Standing = OpOutput<'parties.standing'>;

const appeal = opCommand({
  op: 'parties.appealSuspension',
  name: 'appeal',
  about: 'appeal a suspension by the panel, once; needs the trust key of an admin',
  args: { item: id('itm', 'as standing names it') },
  print: ({ item, dueAt }, terminal) =>
    terminal.line(`${item}: three other reviewers decide by ${dueAt}, or the suspension ends.`),
});

/** How the own party answers for its errors, and what it may check. */
export const standingCommand = opCommand({
  op: 'parties.standing',
  about:
    'reversals, warning and suspension of your party, what the panel decides, and its quota of checks',
  commands: [appeal],
  print: (standing, terminal) => {
    const { figures, warnedAt, reenrolment, suspensions, checks, notices, items } = standing;
    terminal.line(`Reversed ${figures.reversed} of ${figures.decided} appeals in 365 days.`);
    if (warnedAt !== undefined) terminal.line(`Warned ${warnedAt}.`);
    if (reenrolment) {
      terminal.line(
        `Operators announced new keys of your party, from ${reenrolment.effectiveAt}. If yours are not lost: recourse keys keep.`,
      );
    }
    for (const { cause, since, item } of suspensions) {
      terminal.line(`Suspended since ${since}: ${cause}.`);
      if (item !== undefined) terminal.line(`Appeal it: recourse standing appeal ${item}`);
    }
    printChecks(checks, terminal);
    printBacklog(standing.backlog, terminal);
    for (const { sanction, at } of notices.withdrawn) {
      terminal.line(`${sanction} was withdrawn ${at}: nobody was told of it in time.`);
    }
    for (const { sanction, at } of notices.due) {
      terminal.line(`${sanction} is withdrawn ${at} unless its notice comes before.`);
    }
    for (const { item, kind, dueAt, outcome, reasons } of items) {
      terminal.line(`\n${item} ${kind}: ${outcome ?? `open, due ${dueAt}`}`);
      for (const text of reasons) terminal.line(printableText(text));
    }
  },
});

function printBacklog({ waiting, limit, held }: Standing['backlog'], terminal: Terminal): void {
  terminal.line(
    `${waiting} appeals on records of your group had no reviewer for ten days; above ${limit} your new records are held.`,
  );
  if (held > 0) terminal.line(`${held} of your records are held until there are fewer.`);
}

function printChecks(
  { bucket, left, fullAt, alarms }: Standing['checks'],
  terminal: Terminal,
): void {
  const full = left < bucket ? `; all of them ${fullAt}` : '';
  terminal.line(`Elements left to check: ${left} of ${bucket} a day${full}.`);
  for (const { kind, at, counts } of alarms) {
    const figures = Object.entries(counts).map(([name, n]) => `${name} ${n}`);
    terminal.line(`Checks are stopped since ${at}: ${kind} (${figures.join(', ')}).`);
    terminal.line('Tell the operators what happened: they lift it, and log what it was.');
  }
}
