import {
  demandKinds,
  isId,
  mostDelayDays,
  objectionGrounds,
  quarterSchema,
  type DemandKind,
  type Id,
  type ObjectionGround,
} from '@recourse/protocol';
import { Command, InvalidArgumentError, Option } from 'commander';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';

export const objectCommand = (environment: Environment): Command =>
  new Command('object')
    .description('object to a registration within its window; the panel decides')
    .argument('<party>', 'plt_…, as recourse parties shows it')
    .addOption(
      new Option('--ground <ground>', 'what the panel is to look at')
        .choices([...objectionGrounds])
        .makeOptionMandatory(),
    )
    .action(async (party: string, { ground }: { ground: ObjectionGround }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const input = { party: platformId(party), ground };
      const result = await (await connect()).parties.object(input);
      terminal.result(result, () => {
        terminal.line(`Objected. ${result.party} stays pending until the panel decides.`);
      });
    });

interface DemandFlags {
  readonly kind: DemandKind;
  readonly quarter: string;
  readonly received: number;
  readonly complied: number;
  readonly refused: number;
  readonly delayDays?: number;
}

export const demandCommand = (environment: Environment): Command =>
  new Command('demand')
    .description('report demands of authorities for checks or records, in counts')
    .addOption(
      new Option('--kind <kind>', 'what was demanded')
        .choices([...demandKinds])
        .makeOptionMandatory(),
    )
    .requiredOption('--quarter <quarter>', 'when, such as 2026-Q1', parseQuarter)
    .requiredOption('--received <n>', 'how many there were', parseNumber)
    .requiredOption('--complied <n>', 'how many were complied with', parseNumber)
    .requiredOption('--refused <n>', 'how many were refused', parseNumber)
    .option(
      '--delay-days <n>',
      `where the law forbids to tell now: published then, ${mostDelayDays} days at most`,
      parseNumber,
    )
    .action(async (flags: DemandFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const result = await (await connect()).parties.demand(flags);
      terminal.result(result, () => terminal.line(`Reported; published ${result.publishedAt}.`));
    });

export const attestCommand = (environment: Environment): Command =>
  new Command('attest')
    .description('sign and file the statement of a quarter: no demand of an authority, or how many')
    .requiredOption('--quarter <quarter>', 'one that is over, such as 2026-Q1', parseQuarter)
    .requiredOption('--demands <n>', 'none, or how many', parseDemands)
    .action(
      async (
        { quarter, demands }: { quarter: string; demands: number | 'none' },
        command: Command,
      ) => {
        const { terminal, connect } = contextOf(command, environment);
        const result = await (await connect()).parties.attest({ quarter, demands });
        terminal.result(result, () => {
          terminal.line(`Filed for ${result.quarter}.`);
          if (result.missing.length > 0)
            terminal.line(`Still missing: ${result.missing.join(', ')}.`);
        });
      },
    );

export const leaveCommand = (environment: Environment): Command =>
  new Command('leave')
    .description('end the membership: no checks or submissions at once, and for good')
    .argument('<party>', 'your own plt_…, typed so that nobody leaves by accident')
    .action(async (party: string, _: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const result = await (await connect()).platforms.leave({ party: platformId(party) });
      terminal.result(result, () => {
        if (result.state === 'proposed') {
          terminal.line(
            `Proposed. Another operator makes the same call by ${result.executeBefore}.`,
          );
          return;
        }
        terminal.line(
          `Left. Your records end by ${result.recordsEndAt}, unless the panel confirms them.`,
        );
        terminal.line('Recalls, evidence and notices stay owed: recourse recalls list.');
      });
    });

export function platformId(text: string): Id<'plt'> {
  if (isId('plt', text)) return text;
  throw new CliError('usage', {
    message: 'A platform is named by its id, such as plt_….',
    next: 'Copy it from recourse parties.',
  });
}

function parseQuarter(text: string): string {
  if (quarterSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('It takes a quarter such as 2026-Q1.');
}

function parseNumber(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number.');
}

function parseDemands(text: string): number | 'none' {
  if (text === 'none') return 'none';
  const demands = parseNumber(text);
  if (demands > 0) return demands;
  throw new InvalidArgumentError('It takes none, or a number from 1.');
}
