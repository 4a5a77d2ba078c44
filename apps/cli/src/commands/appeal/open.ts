import { appealGrounds, type AppealGround } from '@recourse/protocol';
import { Option, type Command } from 'commander';
import type { Answers } from '../../case/answers.ts';
import { readWords } from '../../case/read-words.ts';
import type { Environment } from '../../environment.ts';
import { creatorOf, keyedCommand, keyOf, type KeyFlags } from './creator.ts';

interface OpenFlags extends KeyFlags {
  readonly ground: AppealGround;
  readonly wordsFile?: string;
  readonly language: string;
  readonly newsFile?: string;
  readonly reopen?: true;
}

export const openCommand = (environment: Environment): Command =>
  keyedCommand(
    'open',
    'appeal: say in your words what is wrong; a reviewer of neither side decides',
  )
    .addOption(
      new Option('--ground <ground>', 'what is wrong')
        .choices([...appealGrounds])
        .makeOptionMandatory(),
    )
    .option('--words-file <file>', 'your words, up to 4,000 characters; asked for when absent')
    .option('--news-file <file>', 'of a later appeal: what is new, up to 4,000 characters')
    .option('--reopen', 'have another reviewer look at your appeal that was dismissed, once')
    .option('--language <tag>', 'the language you wrote in', 'en')
    .action(async (flags: OpenFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const key = await keyOf(creator, flags);
      const { ground, language, wordsFile: file } = flags;
      const option = '--words-file';
      const words = await readWords(creator.answers, { what: 'Your words', file, option });
      const news = await newsOf(creator.answers, flags);
      const reopen = flags.reopen ? ({ reopen: true } as const) : {};
      const opened = await creator.client.appeal({
        key,
        ground,
        words,
        language,
        ...news,
        ...reopen,
      });
      creator.terminal.result(opened, () => {
        creator.terminal.line(`The appeal ${opened.appeal} is open since ${opened.openedAt}.`);
        creator.terminal.line(
          `It is decided by ${opened.decisionDueAt}; if nobody does, the record stops answering, and ends at ${opened.lapsesAt}.`,
        );
        creator.terminal.line('Keep proof of it: recourse appeal receipt --out FILE.');
      });
    });

const newsOf = async (
  answers: Answers,
  { newsFile: file }: OpenFlags,
): Promise<{ news?: string }> =>
  file === undefined
    ? {}
    : { news: await readWords(answers, { what: 'What is new', file, option: '--news-file' }) };

export const withdrawAppealCommand = (environment: Environment): Command =>
  keyedCommand('withdraw', 'withdraw your open appeal, effective after 72 hours').action(
    async (flags: KeyFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const key = await keyOf(creator, flags);
      const result = await creator.client.withdrawAppeal({ key });
      creator.terminal.result(result, () =>
        creator.terminal.line(
          `${result.appeal} ends at ${result.effectiveAt ?? 'once'}; until then: recourse appeal keep.`,
        ),
      );
    },
  );

export const keepCommand = (environment: Environment): Command =>
  keyedCommand('keep', 'keep an appeal that you withdrew, within the 72 hours').action(
    async (flags: KeyFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const key = await keyOf(creator, flags);
      const result = await creator.client.withdrawAppeal({ key, keep: true });
      creator.terminal.result(result, () =>
        creator.terminal.line(`${result.appeal} goes on as if it had never been withdrawn.`),
      );
    },
  );
