import { identifierKinds } from '@recourse/protocol';
import { opCommand } from '../op-command.ts';
import { choice, optional, parseDate, text, value } from '../options.ts';
import { readText } from '../profile/private-file.ts';

export const challengeCommand = opCommand({
  op: 'subjects.challenge',
  about:
    'say that an identifier of records that you were told of is somebody else’s by now: reviewers decide',
  flags: {
    kind: choice(identifierKinds, 'what it is'),
    since: value('time', 'since when it is somebody else’s', parseDate),
    identifierFile: optional(text('file', 'a file that holds it; asked for when absent')),
  },
  help: 'Two reviewers have 30 days. Confirmed, the identifier leaves the record, and everyone told corrects what they know.',
  // Asked for, not given as an argument: others on this machine could read it.
  input: async ({ kind, since, identifierFile: file }, { answers }) => ({
    kind,
    since,
    value: file === undefined ? await answers.ask(identifier) : readText(file).trim(),
  }),
  print: ({ items }, terminal) => {
    terminal.table(
      ['item', 'sanction', 'due'],
      items.map(({ item, sanction, dueAt }) => [item, sanction, dueAt]),
    );
    terminal.line('Reviewers decide; recourse events tells you how.');
  },
});

const identifier = {
  what: 'Identifier',
  hidden: false,
  otherwise: 'Name a file that holds it: --identifier-file FILE.',
} as const;
