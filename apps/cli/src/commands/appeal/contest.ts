import type { CaseResult } from '@recourse/sdk/case';
import type { Command } from 'commander';
import type { Environment } from '../../environment.ts';
import { readText } from '../../profile/private-file.ts';
import { creatorOf, keyedCommand, keyOf, type KeyFlags } from './creator.ts';

interface ContestFlags extends KeyFlags {
  readonly wordsFile?: string;
}

export const contestCommand = (environment: Environment): Command =>
  keyedCommand('contest', 'say that a case which somebody else holds is yours')
    .option(
      '--words-file <file>',
      'why, up to 4,000 characters: for reviewers, who decide where the other one proved an identifier, too. The holder answers with the same command',
    )
    .action(async (flags: ContestFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const key = await keyOf(creator, flags);
      const { wordsFile } = flags;
      const words = wordsFile === undefined ? {} : { words: readText(wordsFile).trim() };
      const result = await creator.client.contest({ key, ...words });
      creator.terminal.result(result, () => creator.terminal.line(toldOf(result)));
    });

const toldOf = ({ contestedAt, voided, item, dueAt }: CaseResult<'contest'>): string =>
  item === undefined
    ? `The case is yours since ${contestedAt}; void: ${voided.join(', ') || 'nothing'}.`
    : `Two reviewers decide until ${dueAt} whose case it is (${item}); until then its holder acts.`;
