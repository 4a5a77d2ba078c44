import { identifierKinds } from '@recourse/protocol';
import { asked } from '../asking.ts';
import { opCommand } from '../op-command.ts';
import { choice, time } from '../options.ts';
import { rowsOf } from '../terminal.ts';

export const challengeCommand = opCommand({
  op: 'subjects.challenge',
  about:
    'say that an identifier of records that you were told of is somebody else’s by now: reviewers decide',
  flags: {
    kind: choice(identifierKinds, 'what it is'),
    since: time('since when it is somebody else’s'),
    identifier: asked('Identifier', 'a file that holds it; asked for when absent'),
  },
  help: 'Two reviewers have 30 days. Confirmed, the identifier leaves the record, and everyone told corrects what they know.',
  input: ({ identifier: value, ...changed }) => ({ ...changed, value }),
  print: ({ items }) => [
    rowsOf(items, 'item', 'sanction', { due: 'dueAt' }),
    'Reviewers decide; recourse events tells you how.',
  ],
});
