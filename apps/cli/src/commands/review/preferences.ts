import { reasonCodes, type ReasonCode } from '@recourse/protocol';
import { Command, Option } from 'commander';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';

export const preferencesCommand = (environment: Environment): Command =>
  new Command('preferences')
    .description('reason codes whose cases you are not assigned, in place of those before')
    .addOption(
      new Option('--opt-out <code...>', 'up to nine; none to take every code').choices([
        ...reasonCodes,
      ]),
    )
    .action(async ({ optOut = [] }: { optOut?: ReasonCode[] }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const result = await recourse.review.preferences({ optOut });
      terminal.result(result, () => {
        const { optOut: codes } = result;
        terminal.line(
          codes.length === 0
            ? 'You are assigned cases of every code.'
            : `You are assigned no cases of ${codes.join(', ')}.`,
        );
      });
    });
