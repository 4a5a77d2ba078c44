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

export const withdrawAppealCommand = keyedCommand(
  { name: 'withdraw', about: 'withdraw your open appeal, effective after 72 hours' },
  async (_, { terminal, client, key }) => {
    const result = await client.withdrawAppeal({ key: await key() });
    const { appeal, effectiveAt = 'once' } = result;
    terminal.result(result, () =>
      terminal.line(`${appeal} ends at ${effectiveAt}; until then: recourse appeal keep.`),
    );
  },
);

export const keepCommand = keyedCommand(
  { name: 'keep', about: 'keep an appeal that you withdrew, within the 72 hours' },
  async (_, { terminal, client, key }) => {
    const result = await client.withdrawAppeal({ key: await key(), keep: true });
    terminal.result(result, () =>
      terminal.line(`${result.appeal} goes on as if it had never been withdrawn.`),
    );
  },
);
