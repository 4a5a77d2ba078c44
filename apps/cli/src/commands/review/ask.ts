import { Command } from 'commander';
import { Answers } from '../../case/answers.ts';
import { readWords } from '../../case/read-words.ts';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { appealId } from '../ids.ts';

export const askCommand = (environment: Environment): Command =>
  asking(environment, 'question', new Command('ask').description('ask the creator something'));

export const gistCommand = (environment: Environment): Command =>
  asking(
    environment,
    'gist',
    new Command('gist').description(
      'tell the creator what the evidence shows: nothing is upheld on what they could not answer',
    ),
  );

const asking = (environment: Environment, kind: 'question' | 'gist', command: Command): Command =>
  command
    .argument('<appeal>')
    .option('--text-file <file>', 'up to 4,000 characters; asked for when absent, - for stdin')
    .action(async (appeal: string, { textFile: file }: { textFile?: string }, self: Command) => {
      const { terminal, connect } = contextOf(self, environment);
      const id = appealId(appeal);
      const answers = new Answers(environment.terminal.stdin && environment.terminal.stderr);
      const text = await readWords(answers, { what: 'Text', file, option: '--text-file' });
      const recourse = await connect();
      const asked = await recourse.review.ask({ appeal: id, kind, text });
      terminal.result(asked, () => {
        terminal.line(`${asked.question}: the creator answers by ${asked.answerDueAt}.`);
        terminal.line(`The decision is due ${asked.decisionDueAt}.`);
      });
    });
