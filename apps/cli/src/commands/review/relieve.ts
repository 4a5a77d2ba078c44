import type { OpInput } from '@recourse/protocol';
import { Command, Option } from 'commander';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { parseDate } from '../../options.ts';
import { appealId } from '../ids.ts';

export const relieveCommand = (environment: Environment): Command =>
  new Command('relieve')
    .description('suspend the sanction until an instant; everyone told pauses')
    .argument('<appeal>')
    .option('--until <time>', 'at most 14 days away', parseDate)
    .option('--refuse', 'of speech, in time: it goes on; what nobody decided in 3 days is granted')
    .action(async (appeal: string, flags: { until?: Date; refuse?: boolean }, command: Command) => {
      if ((flags.until === undefined) === (flags.refuse === undefined)) {
        return command.error('error: say --until or --refuse, and not both');
      }
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const input = { appeal: appealId(appeal), until: flags.until?.toISOString() ?? null };
      const result = await recourse.review.relieve(input);
      return terminal.result(result, () =>
        terminal.line(
          result.until === null
            ? 'Refused: the record goes on meanwhile.'
            : `Suspended until ${result.until}. Platforms told to pause: ${result.recalls}.`,
        ),
      );
    });

type Why = OpInput<'review.recuse'>['why'];
const whys = [
  'affiliation',
  'acquaintance',
  'language',
  'workload',
  'other-conflict',
] as const satisfies readonly Why[];

export const recuseCommand = (environment: Environment): Command =>
  new Command('recuse')
    .description('give a claimed case back; somebody else is assigned')
    .argument('<appeal>')
    .addOption(new Option('--why <why>', 'why').choices([...whys]).makeOptionMandatory())
    .action(async (appeal: string, { why }: { why: Why }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const result = await recourse.review.recuse({ appeal: appealId(appeal), why });
      terminal.result(result, () => terminal.line(`${result.appeal} is no longer yours.`));
    });
