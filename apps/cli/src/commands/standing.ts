import type { OpOutput } from '@recourse/protocol';
import { Command } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { printableText, type Terminal } from '../terminal.ts';
import { itemId } from './ids.ts';

type Standing = OpOutput<'parties.standing'>;

/** How the own party answers for its errors, and what it may check. */
export const standingCommand = (environment: Environment): Command =>
  new Command('standing')
    .description(
      'reversals, warning and suspension of your party, what the panel decides, and its quota of checks',
    )
    .action(async (_: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const standing = await recourse.parties.standing({});
      terminal.result(standing, () => {
        const { figures, warnedAt, suspensions, items } = standing;
        terminal.line(`Reversed ${figures.reversed} of ${figures.decided} appeals in 365 days.`);
        if (warnedAt !== undefined) terminal.line(`Warned ${warnedAt}.`);
        if (standing.reenrolment) {
          terminal.line(
            `Operators announced new keys of your party, from ${standing.reenrolment.effectiveAt}. If yours are not lost: recourse keys keep.`,
          );
        }
        for (const { cause, since, item } of suspensions) {
          terminal.line(`Suspended since ${since}: ${cause}.`);
          if (item !== undefined) terminal.line(`Appeal it: recourse standing appeal ${item}`);
        }
        printChecks(standing.checks, terminal);
        for (const { item, kind, dueAt, outcome, reasons } of items) {
          terminal.line(`\n${item} ${kind}: ${outcome ?? `open, due ${dueAt}`}`);
          for (const text of reasons) terminal.line(printableText(text));
        }
      });
    })
    .addCommand(appealCommand(environment));

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

const appealCommand = (environment: Environment): Command =>
  new Command('appeal')
    .description('appeal a suspension by the panel, once; needs the trust key of an admin')
    .argument('<item>', 'as standing names it')
    .action(async (item: string, _: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const id = itemId(item);
      const recourse = await connect();
      const opened = await recourse.parties.appealSuspension({ item: id });
      terminal.result(opened, () =>
        terminal.line(
          `${opened.item}: three other reviewers decide by ${opened.dueAt}, or the suspension ends.`,
        ),
      );
    });
