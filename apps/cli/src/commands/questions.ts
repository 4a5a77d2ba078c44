import {
  answersByQuestion,
  trustAnswers,
  trustQuestions,
  type TrustAnswer,
  type TrustQuestion,
  type TrustQuestionRecord,
} from '@recourse/protocol';
import { Command, Option } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { parseCount } from '../options.ts';
import { pagesOf } from '../pages-of.ts';
import type { Cell } from '../terminal.ts';
import { matchId, questionId } from './ids.ts';

export const questionsCommand = (environment: Environment): Command =>
  new Command('questions')
    .description('closed questions to the submitter of a record that you were told of, and to you')
    .addCommand(listCommand(environment))
    .addCommand(askCommand(environment))
    .addCommand(answerCommand(environment))
    .addHelpText('after', () => `\nQuestions, each with its answers:\n${answersHelp()}`);

const answersHelp = (): string =>
  trustQuestions.map((asks) => `  ${asks}: ${answersByQuestion[asks].join(', ')}`).join('\n');

const listCommand = (environment: Environment): Command =>
  new Command('list')
    .description('those you asked and those put to you, the newest first')
    .option('--open', 'only those without an answer')
    .option('--limit <n>', 'how many', parseCount, 50)
    .action(async ({ open, limit }: { open?: boolean; limit: number }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const questions = await pagesOf(limit, async (page) => {
        const { questions: items, next } = await recourse.matches.questions({
          ...page,
          ...(open ? { open } : {}),
        });
        return { items, next };
      });
      terminal.result({ questions }, () => {
        if (questions.length === 0) return terminal.line('Nobody asked anything.');
        terminal.table(
          ['question', 'side', 'sanction', 'asks', 'due', 'answer'],
          questions.map(rowOf),
        );
        if (questions.some(({ side, answer }) => side === 'received' && !answer)) {
          terminal.line('Answer each: recourse questions answer QUESTION --answer …');
        }
      });
    });

const rowOf = (one: TrustQuestionRecord): Cell[] => [
  one.question,
  one.side,
  one.sanction,
  one.asks,
  one.overdue ? `${one.dueAt}, overdue` : one.dueAt,
  one.answer,
];

const askCommand = (environment: Environment): Command =>
  new Command('ask')
    .description('ask about a match of yours; each question once a match')
    .argument('<match>')
    .addOption(
      new Option('--asks <question>', 'what').choices([...trustQuestions]).makeOptionMandatory(),
    )
    .action(async (match: string, { asks }: { asks: TrustQuestion }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const result = await recourse.matches.ask({ match: matchId(match), asks });
      terminal.result(result, () => {
        terminal.line(`Asked, as ${result.question}: the submitter answers by ${result.dueAt}.`);
        terminal.line('It changes nothing by itself. The creator sees what you asked.');
      });
    });

const answerCommand = (environment: Environment): Command =>
  new Command('answer')
    .description('answer a question about a record of yours, once and for good')
    .argument('<question>')
    .addOption(
      new Option('--answer <answer>', 'which of its answers')
        .choices([...trustAnswers])
        .makeOptionMandatory(),
    )
    .addHelpText('after', () => `\nAnswers of each question:\n${answersHelp()}`)
    .action(async (question: string, { answer }: { answer: TrustAnswer }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const input = { question: questionId(question), answer };
      const result = await recourse.matches.answer(input);
      terminal.result(result, () => {
        terminal.line(`Answered at ${result.answeredAt}; the creator sees it, too.`);
        if (result.withdraw) {
          terminal.line(
            `You said that the record no longer stands. Withdraw it: recourse sanctions withdraw ${result.sanction} --cause …`,
          );
        }
      });
    });
