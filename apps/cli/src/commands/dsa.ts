import { dsaTerritories } from '@recourse/protocol';
import { opCommand } from '../op-command.ts';
import { choice, id, optional, repeated, text, time, toggle } from '../options.ts';
import { facts } from '../terminal.ts';

export const dsaCommand = opCommand({
  op: 'sanctions.dsaStatement',
  name: 'dsa',
  about: 'the statement of reasons for the DSA Transparency Database, to send with your own token',
  args: { sanction: id('snc') },
  flags: {
    foundBy: choice(['automated-means', 'people'], 'what found it', 'means'),
    puid: optional(text('reference', 'your own reference; the ref of the submission when absent')),
    article16: toggle('the user report was a notice under article 16'),
    territory: optional(
      repeated(
        choice(
          dsaTerritories,
          'where the measure applies; may be repeated; the whole EEA when absent',
          'country',
        ),
      ),
    ),
    ends: optional(time('when your own measure ends')),
    accountType: optional(choice(['business', 'private'], 'of the account', 'type')),
  },
  help: 'It holds no personal data. --json prints the body of the request.',
  input: ({ foundBy, article16, territory, ...order }) => ({
    ...order,
    detectedByAutomatedMeans: foundBy === 'automated-means',
    byArticle16Notice: article16,
    territories: territory,
  }),
  print: (statement) =>
    facts(
      Object.fromEntries(
        Object.entries(statement).map(([name, value]) => [name, [value].flat().join(' ')]),
      ),
    ),
});
