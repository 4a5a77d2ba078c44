import { erasureGrounds } from '@recourse/protocol';
import { readWords } from '../../case/read-words.ts';
import { CliError } from '../../errors.ts';
import { choice, optional, orElse, text, toggle } from '../../options.ts';
import { keyedCommand } from '../appeal/creator.ts';

export const eraseCaseCommand = keyedCommand(
  {
    name: 'erase',
    about: 'ask for the erasure of your case, or object to a live record',
    flags: {
      ground: orElse(
        choice(erasureGrounds, 'that it is no longer needed, or that you object to it'),
        'erasure',
      ),
      wordsFile: optional(
        text('file', 'for an objection to a live record: what speaks against it'),
      ),
      language: orElse(text('tag', 'the language you wrote in'), 'en'),
      yes: toggle('you have the letter and the receipt that you want: nothing opens afterwards'),
    },
  },
  async ({ ground, language, wordsFile: file, yes }, { terminal, answers, client, key: read }) => {
    if (!yes) throw papersFirst;
    const key = await read();
    const from = { what: 'Your words', file, option: '--words-file' };
    const words = file === undefined ? {} : { words: await readWords(answers, from) };
    const asked = await client.requestErasure({ key, ground, language, ...words });
    terminal.result(asked, () => {
      terminal.line(said[asked.state]);
      if (asked.notBefore) {
        terminal.line(
          `Not before ${asked.notBefore}: who proves an identifier may take the case until then.`,
        );
      }
      if (asked.appeal) terminal.line(`The appeal ${asked.appeal} decides it.`);
    });
  },
);

const said = {
  due: 'The case is erased. Its code and its keys open nothing any more.',
  waiting:
    'Noted. The case is erased once the record has ended and no appeal and no recall is open; until then: recourse appeal show.',
} as const;

const papersFirst = new CliError('usage', {
  message: 'After the erasure neither letter nor receipt can be had, and no key opens the case.',
  next: 'Keep them first: recourse appeal letter --out FILE, recourse appeal receipt --out FILE. Then again with --yes.',
});
