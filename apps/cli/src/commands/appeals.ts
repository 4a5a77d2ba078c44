import {
  withdrawalCauses,
  type AppealRecord,
  type OpOutput,
  type Withdrawal,
} from '@recourse/protocol';
import { Command, Option } from 'commander';
import { Answers } from '../case/answers.ts';
import { readWords } from '../case/read-words.ts';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { parseCount } from '../options.ts';
import { pagesOf } from '../pages-of.ts';
import { printableText, type Terminal } from '../terminal.ts';
import { evidenceTable } from './evidence-table.ts';
import { appealId } from './ids.ts';

export const appealsCommand = (environment: Environment): Command =>
  new Command('appeals')
    .description('appeals against your own sanctions: what you owe, and your answer')
    .addCommand(listCommand(environment))
    .addCommand(getCommand(environment))
    .addCommand(standCommand(environment))
    .addCommand(concedeCommand(environment));

const listCommand = (environment: Environment): Command =>
  new Command('list')
    .description('appeals against own sanctions, the newest first')
    .option('--open', 'only those that are open')
    .option('--limit <n>', 'how many', parseCount, 50)
    .action(async ({ open, limit }: { open?: boolean; limit: number }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const appeals = await pagesOf(limit, async (page) => {
        const { appeals: items, next } = await recourse.appeals.list({
          ...page,
          ...(open ? { open } : {}),
        });
        return { items, next };
      });
      terminal.result({ appeals }, () => {
        if (appeals.length === 0) return terminal.line('No appeals.');
        terminal.table(
          ['appeal', 'sanction', 'ground', 'state', 'opened', 'evidence due', 'outcome'],
          appeals.map((one) => [
            one.appeal,
            one.sanction,
            one.ground,
            one.state,
            one.openedAt,
            one.evidenceDueAt,
            outcomeOf(one),
          ]),
        );
      });
    });

export const outcomeOf = ({ outcome, cause }: AppealRecord): string =>
  [outcome, cause && `(${cause})`].filter(Boolean).join(' ');

const getCommand = (environment: Environment): Command =>
  new Command('get')
    .description('one appeal: what was said, what evidence is owed, and to whom it is sealed')
    .argument('<appeal>')
    .action(async (appeal: string, _: object, command: Command) => {
      const { terminal, connect, identity } = contextOf(command, environment);
      const recourse = await connect();
      // What the creator wrote is shown to trust keys alone.
      const as = (await identity()).keys.trust ? ({ as: 'trust' } as const) : {};
      const found = await recourse.appeals.get({ appeal: appealId(appeal) }, as);
      terminal.result(found, () => print(found, terminal));
    });

function print(found: OpOutput<'appeals.get'>, terminal: Terminal): void {
  const { claims, evidence, questions, response, words } = found;
  terminal.table(
    ['', ''],
    [
      ['appeal', found.appeal],
      ['sanction', found.sanction],
      ['ground', found.ground],
      ['state', found.state],
      ['opened', found.openedAt],
      ['evidence due', found.evidenceDueAt ?? 'nothing now'],
      ['decision due', found.decisionDueAt],
      ['reviewers with a key', claims.length],
      ['outcome', outcomeOf(found)],
    ],
  );
  if (words !== undefined) terminal.line(`\nThe creator says\n${printableText(words)}`);
  if (found.news !== undefined) terminal.line(`\nWhat is new\n${printableText(found.news)}`);
  if (response?.text !== undefined) terminal.line(`\nYou said\n${printableText(response.text)}`);
  printQuestions(questions, terminal);
  terminal.line();
  evidenceTable(evidence, terminal);
  if (found.state !== 'open' || evidence.every(({ delivered }) => delivered)) return;
  terminal.line(
    claims.length === 0
      ? 'No reviewer has a key yet; an event says when evidence is requested.'
      : `Deliver it: recourse evidence deliver ${found.appeal} --pack DIR`,
  );
}

export function printQuestions(
  questions: OpOutput<'appeals.get'>['questions'],
  terminal: Terminal,
): void {
  for (const { question, kind, text, answer, answerDueAt } of questions) {
    const state = answer === undefined ? `to be answered by ${answerDueAt}` : 'answered';
    terminal.line(`\n${kind} ${question}, ${state}\n${printableText(text)}`);
    if (answer !== undefined) terminal.line(`\nThe creator answers\n${printableText(answer)}`);
  }
}

const standCommand = (environment: Environment): Command =>
  new Command('stand')
    .description('stand by the sanction, in words that the reviewer and the creator read')
    .argument('<appeal>')
    .option('--text-file <file>', 'up to 4,000 characters; asked for when absent, - for stdin')
    .action(async (appeal: string, { textFile: file }: { textFile?: string }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const id = appealId(appeal);
      const answers = new Answers(environment.terminal.stdin && environment.terminal.stderr);
      const text = await readWords(answers, { what: 'Your answer', file, option: '--text-file' });
      const recourse = await connect();
      const result = await recourse.appeals.stand({ appeal: id, text });
      terminal.result(result, () =>
        terminal.line(`Said. The appeal is ${result.state}; deliver the evidence in time.`),
      );
    });

const concedeCommand = (environment: Environment): Command =>
  new Command('concede')
    .description('concede: the sanction ends, counts as reversed, and everyone told undoes it')
    .argument('<appeal>')
    .addOption(
      new Option('--cause <cause>', 'what was wrong')
        .choices([...withdrawalCauses])
        .makeOptionMandatory(),
    )
    .action(async (appeal: string, { cause }: { cause: Withdrawal['cause'] }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const id = appealId(appeal);
      const recourse = await connect();
      const { sanction } = await recourse.appeals.get({ appeal: id });
      const result = await recourse.appeals.concede({ appeal: id, sanction, cause });
      terminal.result(result, () =>
        terminal.line(`${sanction} is ${result.state}. Platforms told to undo: ${result.recalls}.`),
      );
    });
