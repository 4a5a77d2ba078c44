import {
  actionsByTrust,
  recallActions,
  toNumericDate,
  type RecallRecord,
} from '@recourse/protocol';
import { group } from '../command.ts';
import { CliError } from '../errors.ts';
import { opCommand } from '../op-command.ts';
import { choice, id, optional, time, toggle } from '../options.ts';
import { table, type Cell } from '../terminal.ts';

const list = opCommand({
  op: 'recalls.list',
  about: 'open recalls, the oldest first, each with your own references',
  flags: { all: toggle('also those that were answered or superseded') },
  pages: 'recalls',
  print: ({ recalls }) =>
    recalls.length === 0
      ? 'Nothing is owed.'
      : [
          table(
            ['recall', 'kind', 'sanction', 'due', 'ref', 'outcome', 'answered'],
            recalls.flatMap(linesOf),
          ),
          recalls.some(({ acknowledged, supersededBy }) => !acknowledged && !supersededBy) &&
            'Answer each: recourse recalls acknowledge RECALL --action … --copies …',
        ],
});

/** One line for each time that the platform was told. */
function linesOf({ recall, kind, sanction, dueAt, told, ...rest }: RecallRecord): Cell[][] {
  const { acknowledged, supersededBy } = rest;
  const answered = acknowledged?.action ?? (supersededBy && `superseded by ${supersededBy}`);
  return told.map(({ ref = '(no ref)', outcome }, index) =>
    index === 0
      ? [recall, kind, sanction, dueAt, ref, outcome, answered]
      : ['', '', '', '', ref, outcome, ''],
  );
}

const acknowledge = opCommand({
  op: 'recalls.acknowledge',
  about: 'say what you did about a recall',
  args: { recall: id('rcl') },
  flags: {
    action: choice(
      recallActions,
      `what was done; a trust key signs ${[...actionsByTrust].join(' and ')}`,
    ),
    copies: choice(['deleted', 'kept'], 'what became of your copies of the record', 'what'),
    reviewedAt: optional(time('kept-on-own-grounds: your own review, after the recall')),
    noticeSentAt: optional(time('kept-on-own-grounds: when the creator was told so')),
    otherGrounds: toggle('kept-on-own-grounds: the match was not the only ground'),
  },
  as: ({ action }) => (actionsByTrust.has(action) ? 'trust' : undefined),
  input: ({ reviewedAt, noticeSentAt, otherGrounds, ...done }) => {
    if (done.action !== 'kept-on-own-grounds') return done;
    if (!reviewedAt || !noticeSentAt || !otherGrounds) throw groundsMissing;
    const ownGrounds = {
      reviewedAt: toNumericDate(reviewedAt),
      noticeSentAt: toNumericDate(noticeSentAt),
      matchWasOnlyGround: false,
    } as const;
    return { ...done, ownGrounds };
  },
  print: ({ acknowledgedAt, open, checksStopped }) => [
    `Acknowledged at ${acknowledgedAt}; ${open} still open.`,
    checksStopped &&
      'Checks are stopped until overdue recalls are answered and owed outcomes reported.',
  ],
});

const groundsMissing = new CliError('usage', {
  message: 'A measure is kept on a review of your own only.',
  next: 'Give --reviewed-at and --notice-sent-at, and say --other-grounds: where the match was the only ground, undo it.',
});

export const recallsCommand = group({
  name: 'recalls',
  about: 'what you owe because a sanction that you were told of ended, paused or changed',
  commands: [list, acknowledge],
});
