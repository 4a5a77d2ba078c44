import { appealGrounds } from '@recourse/protocol';
import { readWords } from '../../case/read-words.ts';
import { choice, optional, orElse, text, toggle } from '../../options.ts';
import { keyedCommand } from './creator.ts';

export const openCommand = keyedCommand(
  {
    name: 'open',
    about: 'appeal: say in your words what is wrong; a reviewer of neither side decides',
    flags: {
      ground: choice(appealGrounds, 'what is wrong'),
      wordsFile: optional(
        text('file', 'your words, up to 4,000 characters; asked for when absent'),
      ),
      newsFile: optional(text('file', 'of a later appeal: what is new, up to 4,000 characters')),
      reopen: toggle('have another reviewer look at your appeal that was dismissed, once'),
      language: orElse(text('tag', 'the language you wrote in'), 'en'),
    },
  },
  async ({ wordsFile, newsFile, ...said }, { terminal, answers, client, key: read }) => {
    const key = await read();
    const from = { what: 'Your words', file: wordsFile, option: '--words-file' };
    const words = await readWords(answers, from);
    const ofNews = { what: 'What is new', file: newsFile, option: '--news-file' };
    const news = newsFile === undefined ? {} : { news: await readWords(answers, ofNews) };
    const { ground, language, reopen } = said;
    const again = reopen ? { reopen } : {};
    const opened = await client.appeal({ key, ground, words, language, ...news, ...again });
    terminal.result(opened, () => {
      terminal.line(`The appeal ${opened.appeal} is open since ${opened.openedAt}.`);
      const late = opened.bound
        ? `If nobody decides by ${opened.undecidedAt}, it is closed.`
        : `If nobody does, the record answers no check, and ends at ${opened.undecidedAt}.`;
      terminal.line(`A decision is due by ${opened.decisionDueAt}. ${late}`);
      terminal.line('Keep proof of it: recourse appeal receipt --out FILE.');
    });
  },
);

export const joinCommand = keyedCommand(
  {
    name: 'join',
    about: 'join the appeal that somebody else opened, or add a ground to yours',
    flags: {
      ground: choice(appealGrounds, 'what is wrong'),
      wordsFile: optional(
        text('file', 'your words, up to 4,000 characters; asked for when absent'),
      ),
    },
  },
  async ({ ground, wordsFile }, { terminal, answers, client, key: read }) => {
    const key = await read();
    const from = { what: 'Your words', file: wordsFile, option: '--words-file' };
    const words = await readWords(answers, from);
    const joined = await client.join({ key, ground, words });
    terminal.result(joined, () =>
      terminal.line(`You joined ${joined.appeal}; it is decided by ${joined.decisionDueAt}.`),
    );
  },
);

export const withdrawAppealCommand = keyedCommand(
  {
    name: 'withdraw',
    about:
      'withdraw from the open appeal, signed by the key in your key file; it ends 72 hours after all who joined it did',
  },
  async (_, { terminal, client, key }) => {
    const result = await client.withdrawAppeal({ key: await key() });
    const { appeal, withdrawsAt, effectiveAt } = result;
    const when = effectiveAt ? `ends at ${effectiveAt}` : 'goes on for others who joined it';
    terminal.result(result, () =>
      terminal.line(
        `You withdraw from ${appeal} as of ${withdrawsAt}. It ${when}; to come back: recourse appeal keep.`,
      ),
    );
  },
);

export const keepCommand = keyedCommand(
  { name: 'keep', about: 'keep an appeal that you withdrew, until it ends' },
  async (_, { terminal, client, key }) => {
    const result = await client.withdrawAppeal({ key: await key(), keep: true });
    terminal.result(result, () =>
      terminal.line(`${result.appeal} goes on as if it had never been withdrawn.`),
    );
  },
);
