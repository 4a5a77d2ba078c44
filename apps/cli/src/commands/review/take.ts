import { isRecourseError } from '@recourse/sdk';
import { Command } from 'commander';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { collect } from '../../options.ts';
import { appealId } from '../ids.ts';

export const queueCommand = (environment: Environment): Command =>
  new Command('queue')
    .description('your claims, and how much waits that you could take')
    .action(async (_: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const queue = await recourse.review.queue({});
      terminal.result(queue, () => {
        const { claims, waiting } = queue;
        if (claims.length === 0) terminal.line('You have no claims.');
        else {
          terminal.table(
            ['appeal', 'ground', 'state', 'opened', 'decision due', 'key'],
            claims.map(({ appeal, ground, state, openedAt, decisionDueAt, keyed }) => [
              appeal,
              ground,
              state,
              openedAt,
              decisionDueAt,
              keyed ? 'yes' : 'no: take again',
            ]),
          );
        }
        const since = waiting.oldest === undefined ? '' : `, the oldest since ${waiting.oldest}`;
        const late =
          waiting.overdue === 0 ? '' : ` ${waiting.overdue} should have been taken already.`;
        terminal.line(`${waiting.all} wait, ${waiting.eligible} of them for you${since}.${late}`);
      });
    });

interface TakeFlags {
  readonly language?: string[];
  readonly with?: string;
}

export const takeCommand = (environment: Environment): Command =>
  new Command('take')
    .description('take the case that lapses first, with a fresh key that evidence is sealed to')
    .option('--language <tag>', 'prefer appeals written in it; may be repeated', collect)
    .option(
      '--with <appeal>',
      'instead: every appeal that rests on an item of evidence of this one of yours',
    )
    .action(async ({ language, with: other }: TakeFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      if (other !== undefined) {
        const together = await recourse.review.takeTogether(appealId(other));
        return terminal.result({ taken: together }, () => {
          for (const { appeal } of together) terminal.line(`${appeal} is yours.`);
          if (together.length === 0) terminal.line('There is none that you could take.');
          else terminal.line('Decide them at once: recourse review decide APPEAL --with APPEAL …');
        });
      }
      try {
        const taken = await recourse.review.take(language ? { languages: language } : {});
        terminal.result({ taken }, () => {
          const { appeal, ground, decisionDueAt } = taken;
          terminal.line(`${appeal} (${ground}) is yours; decide by ${decisionDueAt}.`);
          terminal.line(`Read it: recourse review get ${appeal}`);
        });
      } catch (error) {
        if (!isRecourseError(error, 'not-found')) throw error;
        // Nothing to take is no failure.
        terminal.result({ taken: null }, () => terminal.line('Nothing waits that you could take.'));
      }
    });
