import { identifierKinds, type IdentifierKind } from '@recourse/protocol';
import { Command, Option } from 'commander';
import { Answers } from '../case/answers.ts';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { parseDate } from '../options.ts';
import { readText } from '../profile/private-file.ts';

interface ChallengeFlags {
  readonly kind: IdentifierKind;
  readonly identifierFile?: string;
  readonly since: Date;
}

export const challengeCommand = (environment: Environment): Command =>
  new Command('challenge')
    .description(
      'say that an identifier of records that you were told of is somebody else’s by now: reviewers decide',
    )
    .addOption(
      new Option('--kind <kind>', 'what it is').choices([...identifierKinds]).makeOptionMandatory(),
    )
    .requiredOption('--since <time>', 'since when it is somebody else’s', parseDate)
    .option('--identifier-file <file>', 'a file that holds it; asked for when absent')
    .addHelpText(
      'after',
      '\nTwo reviewers have 30 days. Confirmed, the identifier leaves the record, and everyone told corrects what they know.',
    )
    .action(async ({ kind, since, identifierFile }: ChallengeFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const value = await identifierOf(environment, identifierFile);
      const result = await (await connect()).subjects.challenge({ kind, value, since });
      terminal.result(result, () => {
        terminal.table(
          ['item', 'sanction', 'due'],
          result.items.map(({ item, sanction, dueAt }) => [item, sanction, dueAt]),
        );
        terminal.line('Reviewers decide; recourse events tells you how.');
      });
    });

/** Asked for, not given as an argument: others on this machine could read it. */
const identifierOf = async (
  { terminal }: Environment,
  file: string | undefined,
): Promise<string> =>
  file === undefined
    ? new Answers(terminal.stdin && terminal.stderr).ask({
        what: 'Identifier',
        hidden: false,
        otherwise: 'Name a file that holds it: --identifier-file FILE.',
      })
    : readText(file).trim();
