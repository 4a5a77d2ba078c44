import { isId } from '@recourse/protocol';
import { Command } from 'commander';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { collect, parseDate } from '../../options.ts';

interface CountersignFlags {
  readonly invite: string;
  readonly until: Date;
  readonly affiliation?: string[];
}

export const countersignCommand = (environment: Environment): Command =>
  new Command('countersign')
    .description('sign for a new reviewer, with the term and affiliations that are published')
    .requiredOption('--invite <hash>', 'hash of the invite, from an operator')
    .requiredOption('--until <time>', 'end of the term', parseDate)
    .option('--affiliation <party>', 'a platform that bars cases; may be repeated', collect)
    .action(async ({ invite, until, affiliation = [] }: CountersignFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const affiliations = affiliation.map((party) => {
        if (isId('plt', party)) return { party };
        return command.error(`error: ${party} is no platform: recourse parties lists their ids`);
      });
      const recourse = await connect();
      const countersignature = await recourse.review.countersign({
        invite,
        affiliations,
        termUntil: until,
      });
      terminal.result({ countersignature }, () => {
        terminal.line(countersignature);
        terminal.line('Give it to an operator, who sends two of them with panel.invite.');
      });
    });
