import { panelOutcomes, panelRules, type OpOutput, type PanelOutcome } from '@recourse/protocol';
import { Command, Option } from 'commander';
import { Answers } from '../../case/answers.ts';
import { readWords } from '../../case/read-words.ts';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { itemId } from '../ids.ts';

export const itemsCommand = (environment: Environment): Command =>
  new Command('items')
    .description(
      'what you were asked beside appeals: suspensions, registrations, identifiers that changed hands, whose a case is',
    )
    .action(async (_: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const { items, audits } = await recourse.review.items({});
      terminal.result({ items, audits }, () => {
        for (const { item, why, keyed } of audits) {
          const next = keyed ? `get ${item}` : 'take';
          terminal.line(`${item} is an audit (${why}) of yours: recourse review audit ${next}`);
        }
        if (items.length === 0) return terminal.line('You are asked about no platform.');
        terminal.table(
          ['item', 'kind', 'party', 'due', 'about', 'your vote'],
          items.map(({ item, kind, party, dueAt, voted, ...matter }) => [
            item,
            kind,
            party,
            dueAt,
            aboutOf(matter),
            voted ? 'is in' : `${panelRules[kind].harsher} or ${panelRules[kind].milder}`,
          ]),
        );
      });
    });

type Item = OpOutput<'review.items'>['items'][number];

/** In short; `--json` has the statement, the words and all else. */
function aboutOf({ figures, objections, record, challenge, contest }: Partial<Item>): string {
  if (figures) return `${figures.reversed} of ${figures.decided} reversed`;
  if (objections) return objections.map(({ ground }) => ground).join(', ');
  const sanction = record?.sanction ?? '';
  if (challenge) {
    return `${sanction}, subject ${challenge.place} since ${challenge.changedAt}, by ${challenge.by}`;
  }
  if (!contest) return sanction;
  const { holder, contester } = contest;
  return `${sanction}, holder by ${holder.places.join(' ')}, contester by ${contester.places.join(' ')}`;
}

interface VoteFlags {
  readonly outcome: PanelOutcome;
  readonly reasonsFile?: string;
}

export const voteCommand = (environment: Environment): Command =>
  new Command('vote')
    .description('vote on an item, blind to the other reviewers')
    .argument('<item>')
    .addOption(
      new Option('--outcome <outcome>', 'as items lists it for the kind')
        .choices([...panelOutcomes])
        .makeOptionMandatory(),
    )
    .option(
      '--reasons-file <file>',
      'for the platform, up to 20,000 characters; asked for when absent, - for stdin',
    )
    .action(async (item: string, { outcome, reasonsFile: file }: VoteFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const id = itemId(item);
      const answers = new Answers(environment.terminal.stdin && environment.terminal.stderr);
      const reasons = await readWords(answers, { what: 'Reasons', file, option: '--reasons-file' });
      const recourse = await connect();
      const voted = await recourse.review.vote({ item: id, outcome, reasons });
      terminal.result(voted, () =>
        terminal.line(
          voted.state === 'closed'
            ? `Closed: ${voted.outcome ?? 'without an outcome'}.`
            : 'Taken. Others vote too, and are not told how you did.',
        ),
      );
    });
