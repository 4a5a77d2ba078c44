import { readWords } from '../../case/read-words.ts';
import { CliError } from '../../errors.ts';
import { optional, orElse, text, toggle } from '../../options.ts';
import { keyedCommand } from '../appeal/creator.ts';

export const eraseCaseCommand = keyedCommand(
  {
    name: 'erase',
    about: 'have erased what you proved of an ended record, or object to a live one',
    flags: {
      wordsFile: optional(text('file', 'for a live record: what speaks against it')),
      language: orElse(text('tag', 'the language you wrote in'), 'en'),
      keep: toggle('take the request back'),
      yes: toggle('you have the letter and the receipt that you want: nothing opens afterwards'),
    },
  },
  async ({ language, wordsFile: file, keep, yes }, { terminal, answers, client, key: read }) => {
    if (!yes && !keep) throw papersFirst;
    const key = await read();
    const from = { what: 'Your words', file, option: '--words-file' };
    const words = file === undefined ? {} : { words: await readWords(answers, from) };
    const more = keep ? { keep } : {};
    const asked = await client.requestErasure({ key, language, ...words, ...more });
    const { appeal, notBefore } = asked;
    terminal.result(asked, () => {
      if (appeal) terminal.line(`The record is live: the appeal ${appeal} decides it.`);
      else if (notBefore === undefined) terminal.line('Taken back.');
      else {
        terminal.line(
          `Noted. The identifiers that you proved are erased at ${notBefore}, later while an appeal or a recall is open;`,
        );
        terminal.line(
          'the rest with the last of them. To take it back: recourse case erase --keep.',
        );
      }
    });
  },
);

const papersFirst = new CliError('usage', {
  message: 'After the erasure neither letter nor receipt can be had, and no key opens the case.',
  next: 'Keep them first: recourse appeal letter --out FILE, recourse appeal receipt --out FILE. Then again with --yes.',
});
