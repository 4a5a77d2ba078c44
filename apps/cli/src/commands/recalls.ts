import {
  actionsByTrust,
  recallActions,
  toNumericDate,
  type OpInput,
  type RecallRecord,
} from '@recourse/protocol';
import { group } from '../command.ts';
import { CliError } from '../errors.ts';
import { opCommand } from '../op-command.ts';
import { choice, optional, parseDate, toggle, value } from '../options.ts';
import type { Cell } from '../terminal.ts';
import { id } from './ids.ts';

const list = opCommand({
  op: 'recalls.list',
  about: 'open recalls, the oldest first, each with your own references',
  flags: { all: toggle('also those that were answered or superseded') },
  pages: 'recalls',
  print: ({ recalls }, terminal) => {
    if (recalls.length === 0) return terminal.line('Nothing is owed.');
    terminal.table(
      ['recall', 'kind', 'sanction', 'due', 'ref', 'outcome', 'answered'],
      recalls.flatMap(rowsOf),
    );
    if (recalls.some(isOpen)) {
      terminal.line('Answer each: recourse recalls acknowledge RECALL --action … --copies …');
    }
  },
});

const isOpen = ({ acknowledged, supersededBy }: RecallRecord): boolean =>
  acknowledged === undefined && supersededBy === undefined;

/** One line for each time that the platform was told. */
function rowsOf({ recall, kind, sanction, dueAt, told, ...rest }: RecallRecord): Cell[][] {
  const { acknowledged, supersededBy } = rest;
  const answered = acknowledged?.action ?? (supersededBy && `superseded by ${supersededBy}`);
  const first: Cell[] = [recall, kind, sanction, dueAt];
  const blank = first.map(() => '');
  return told.map(({ ref, outcome }, index) => [
    ...(index === 0 ? first : blank),
    ref ?? '(no ref)',
    outcome,
    index === 0 ? answered : '',
  ]);
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
    reviewedAt: optional(
      value('time', 'kept-on-own-grounds: your own review, after the recall', parseDate),
    ),
    noticeSentAt: optional(
      value('time', 'kept-on-own-grounds: when the creator was told so', parseDate),
    ),
    otherGrounds: toggle('kept-on-own-grounds: the match was not the only ground'),
  },
  as: ({ action }) => (actionsByTrust.has(action) ? 'trust' : undefined),
  input: ({ recall, action, copies, ...grounds }) => ({
    recall,
    action,
    copies,
    ...(action === 'kept-on-own-grounds' ? { ownGrounds: groundsOf(grounds) } : {}),
  }),
  print: ({ acknowledgedAt, open, checksStopped }, terminal) => {
    terminal.line(`Acknowledged at ${acknowledgedAt}; ${open} still open.`);
    if (checksStopped)
      terminal.line(
        'Checks are stopped until overdue recalls are answered and owed outcomes reported.',
      );
  },
});

function groundsOf({
  reviewedAt,
  noticeSentAt,
  otherGrounds,
}: {
  reviewedAt?: Date;
  noticeSentAt?: Date;
  otherGrounds?: true;
}): OpInput<'recalls.acknowledge'>['ownGrounds'] {
  if (reviewedAt && noticeSentAt && otherGrounds) {
    return {
      reviewedAt: toNumericDate(reviewedAt),
      noticeSentAt: toNumericDate(noticeSentAt),
      matchWasOnlyGround: false,
    };
  }
  throw new CliError('usage', {
    message: 'A measure is kept on a review of your own only.',
    next: 'Give --reviewed-at and --notice-sent-at, and say --other-grounds: where the match was the only ground, undo it.',
  });
}

export const recallsCommand = group({
  name: 'recalls',
  about: 'what you owe because a sanction that you were told of ended, paused or changed',
  commands: [list, acknowledge],
});
