import { erasureGrounds, type ErasureGround } from '@recourse/protocol';
import { Option, type Command } from 'commander';
import { readWords } from '../../case/read-words.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';
import { creatorOf, keyedCommand, keyOf, type KeyFlags } from '../appeal/creator.ts';

interface EraseFlags extends KeyFlags {
  readonly ground: ErasureGround;
  readonly wordsFile?: string;
  readonly language: string;
  readonly yes?: boolean;
}

export const eraseCaseCommand = (environment: Environment): Command =>
  keyedCommand('erase', 'ask for the erasure of your case, or object to a live record')
    .addOption(
      new Option('--ground <ground>', 'that it is no longer needed, or that you object to it')
        .choices([...erasureGrounds])
        .default('erasure'),
    )
    .option('--words-file <file>', 'for an objection to a live record: what speaks against it')
    .option('--language <tag>', 'the language you wrote in', 'en')
    .option('--yes', 'you have the letter and the receipt that you want: nothing opens afterwards')
    .action(async (flags: EraseFlags, command: Command) => {
      if (flags.yes !== true) throw papersFirst;
      const creator = await creatorOf(command, environment);
      const key = await keyOf(creator, flags);
      const { ground, language, wordsFile: file } = flags;
      const option = '--words-file';
      const words =
        file === undefined
          ? {}
          : { words: await readWords(creator.answers, { what: 'Your words', file, option }) };
      const asked = await creator.client.requestErasure({ key, ground, language, ...words });
      creator.terminal.result(asked, () => {
        creator.terminal.line(said[asked.state]);
        if (asked.notBefore) {
          creator.terminal.line(
            `Not before ${asked.notBefore}: who proves an identifier may take the case until then.`,
          );
        }
        if (asked.appeal) creator.terminal.line(`The appeal ${asked.appeal} decides it.`);
      });
    });

const said = {
  due: 'The case is erased. Its code and its keys open nothing any more.',
  waiting:
    'Noted. The case is erased once the record has ended and no appeal and no recall is open; until then: recourse appeal show.',
} as const;

const papersFirst = new CliError('usage', {
  message: 'After the erasure neither letter nor receipt can be had, and no key opens the case.',
  next: 'Keep them first: recourse appeal letter --out FILE, recourse appeal receipt --out FILE. Then again with --yes.',
});
