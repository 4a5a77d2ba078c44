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
    .requiredOption('--until <time>', 'at most 14 days away', parseDate)
    .action(async (appeal: string, { until }: { until: Date }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const input = { appeal: appealId(appeal), until: until.toISOString() };
      const result = await recourse.review.relieve(input);
      terminal.result(result, () =>
        terminal.line(
          `Suspended until ${result.until}. Platforms told to pause: ${result.recalls}.`,
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
