import { identifierKinds } from '@recourse/protocol';
import { opCommand } from '../op-command.ts';
import { choice, text, time } from '../options.ts';
import { readInput } from '../profile/private-file.ts';
import { rowsOf } from '../terminal.ts';

export const challengeCommand = opCommand({
  op: 'subjects.challenge',
  about:
    'say that an identifier of records that you were told of is somebody else’s by now: reviewers decide',
  flags: {
    kind: choice(identifierKinds, 'what it is'),
    since: time('since when it is somebody else’s'),
    identifierFile: text('file', 'that holds it; - for stdin. Others could read an argument'),
  },
  help: 'Two reviewers have 30 days. Confirmed, the identifier leaves the record, and everyone told corrects what they know.',
  input: async ({ identifierFile, ...changed }) => ({
    ...changed,
    value: (await readInput(identifierFile)).trim(),
  }),
  print: ({ items }) => [
    rowsOf(items, 'item', 'sanction', { due: 'dueAt' }),
    'Reviewers decide; recourse events tells you how.',
  ],
});
