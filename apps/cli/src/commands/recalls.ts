import {
  actionsByTrust,
  recallActions,
  toNumericDate,
  type OpInput,
  type RecallAction,
  type RecallRecord,
} from '@recourse/protocol';
import { Command, Option } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { parseCount, parseDate } from '../options.ts';
import { pagesOf } from '../pages-of.ts';
import type { Cell } from '../terminal.ts';
import { recallId } from './ids.ts';

export const recallsCommand = (environment: Environment): Command =>
  new Command('recalls')
    .description('what you owe because a sanction that you were told of ended, paused or changed')
    .addCommand(listCommand(environment))
    .addCommand(acknowledgeCommand(environment));

const listCommand = (environment: Environment): Command =>
  new Command('list')
    .description('open recalls, the oldest first, each with your own references')
    .option('--all', 'also those that were answered or superseded')
    .option('--limit <n>', 'how many', parseCount, 50)
    .action(async ({ all, limit }: { all?: boolean; limit: number }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const recalls = await pagesOf(limit, async (page) => {
        const { recalls: items, next } = await recourse.recalls.list({
          ...page,
          ...(all ? { all } : {}),
        });
        return { items, next };
      });
      terminal.result({ recalls }, () => {
        if (recalls.length === 0) return terminal.line('Nothing is owed.');
        terminal.table(
          ['recall', 'kind', 'sanction', 'due', 'ref', 'outcome', 'answered'],
          recalls.flatMap(rowsOf),
        );
        if (recalls.some(isOpen)) {
          terminal.line('Answer each: recourse recalls acknowledge RECALL --action … --copies …');
        }
      });
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

interface AcknowledgeFlags {
  readonly action: RecallAction;
  readonly copies: 'deleted' | 'kept';
  readonly reviewedAt?: Date;
  readonly noticeSentAt?: Date;
  readonly otherGrounds?: boolean;
}

const acknowledgeCommand = (environment: Environment): Command =>
  new Command('acknowledge')
    .description('say what you did about a recall')
    .argument('<recall>')
    .addOption(
      new Option(
        '--action <action>',
        `what was done; a trust key signs ${[...actionsByTrust].join(' and ')}`,
      )
        .choices([...recallActions])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--copies <what>', 'what became of your copies of the record')
        .choices(['deleted', 'kept'])
        .makeOptionMandatory(),
    )
    .option(
      '--reviewed-at <time>',
      'kept-on-own-grounds: your own review, after the recall',
      parseDate,
    )
    .option(
      '--notice-sent-at <time>',
      'kept-on-own-grounds: when the creator was told so',
      parseDate,
    )
    .option('--other-grounds', 'kept-on-own-grounds: the match was not the only ground')
    .action(async (recall: string, flags: AcknowledgeFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const { action, copies } = flags;
      const input = { recall: recallId(recall), action, copies, ...ownGrounds(flags) };
      const recourse = await connect();
      const as = actionsByTrust.has(action) ? ({ as: 'trust' } as const) : {};
      const result = await recourse.recalls.acknowledge(input, as);
      terminal.result(result, () => {
        terminal.line(`Acknowledged at ${result.acknowledgedAt}; ${result.open} still open.`);
        if (result.checksStopped)
          terminal.line(
            'Checks are stopped until overdue recalls are answered and owed outcomes reported.',
          );
      });
    });

function ownGrounds(flags: AcknowledgeFlags): Pick<OpInput<'recalls.acknowledge'>, 'ownGrounds'> {
  const { action, reviewedAt, noticeSentAt, otherGrounds } = flags;
  if (action !== 'kept-on-own-grounds') return {};
  if (!reviewedAt || !noticeSentAt || otherGrounds !== true) {
    throw new CliError('usage', {
      message: 'A measure is kept on a review of your own only.',
      next: 'Give --reviewed-at and --notice-sent-at, and say --other-grounds: where the match was the only ground, undo it.',
    });
  }
  return {
    ownGrounds: {
      reviewedAt: toNumericDate(reviewedAt),
      noticeSentAt: toNumericDate(noticeSentAt),
      matchWasOnlyGround: false,
    },
  };
}
