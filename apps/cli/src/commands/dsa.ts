import { dsaTerritories, type DsaTerritory } from '@recourse/protocol';
import { Command, InvalidArgumentError, Option } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { parseDate } from '../options.ts';
import type { Cell } from '../terminal.ts';
import { sanctionId } from './ids.ts';

interface DsaFlags {
  readonly foundBy: 'automated-means' | 'people';
  readonly puid?: string;
  readonly article16?: boolean;
  readonly territory?: DsaTerritory[];
  readonly ends?: Date;
  readonly accountType?: 'business' | 'private';
}

export const dsaCommand = (environment: Environment): Command =>
  new Command('dsa')
    .description(
      'the statement of reasons for the DSA Transparency Database, to send with your own token',
    )
    .argument('<sanction>')
    .addOption(
      new Option('--found-by <means>', 'what found it')
        .choices(['automated-means', 'people'])
        .makeOptionMandatory(),
    )
    .option('--puid <reference>', 'your own reference; the ref of the submission when absent')
    .option('--article16', 'the user report was a notice under article 16')
    .option(
      '--territory <country>',
      'where the measure applies; may be repeated; the whole EEA when absent',
      collectTerritory,
    )
    .option('--ends <time>', 'when your own measure ends', parseDate)
    .addOption(
      new Option('--account-type <type>', 'of the account').choices(['business', 'private']),
    )
    .addHelpText('after', '\nIt holds no personal data. --json prints the body of the request.')
    .action(async (id: string, flags: DsaFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const statement = await recourse.sanctions.dsaStatement({
        sanction: sanctionId(id),
        detectedByAutomatedMeans: flags.foundBy === 'automated-means',
        puid: flags.puid,
        byArticle16Notice: flags.article16,
        territories: flags.territory,
        ends: flags.ends,
        accountType: flags.accountType,
      });
      terminal.result(statement, () =>
        terminal.table(
          ['', ''],
          Object.entries(statement).map(([name, value]): [string, Cell] => [
            name,
            Array.isArray(value) ? value.join(' ') : String(value),
          ]),
        ),
      );
    });

function collectTerritory(text: string, before: DsaTerritory[] = []): DsaTerritory[] {
  const found = dsaTerritories.find((code) => code === text);
  if (found) return [...before, found];
  throw new InvalidArgumentError(`It takes a country of the EEA: ${dsaTerritories.join(' ')}.`);
}
