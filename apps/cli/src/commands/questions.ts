import { answersByQuestion, inquiryAnswers, inquiryQuestions } from '@recourse/protocol';
import { group } from '../command.ts';
import { opCommand } from '../op-command.ts';
import { choice, id, toggle } from '../options.ts';
import { rowsOf } from '../terminal.ts';

const list = opCommand({
  op: 'matches.questions',
  name: 'list',
  about: 'those you asked and those put to you, the newest first',
  flags: { open: toggle('only those without an answer') },
  pages: 'questions',
  print: ({ questions }) =>
    questions.length === 0
      ? 'Nobody asked anything.'
      : [
          rowsOf(questions, 'question', 'side', 'sanction', 'asks', {
            due: ({ dueAt, overdue }) => (overdue ? `${dueAt}, overdue` : dueAt),
            answer: 'answer',
          }),
          questions.some(({ side, answer }) => side === 'received' && !answer) &&
            'Answer each: recourse questions answer QUESTION --answer …',
        ],
});

const ask = opCommand({
  op: 'matches.ask',
  about: 'ask about a match of yours; each question once a match',
  args: { match: id('mat') },
  flags: { asks: choice(inquiryQuestions, 'what', 'question') },
  print: ({ question, dueAt }) => [
    `Asked, as ${question}: the submitter answers by ${dueAt}.`,
    'It changes nothing by itself. The creator sees what you asked.',
  ],
});

const answersHelp = inquiryQuestions
  .map((asks) => `  ${asks}: ${answersByQuestion[asks].join(', ')}`)
  .join('\n');

const answer = opCommand({
  op: 'matches.answer',
  about: 'answer a question about a record of yours, once and for good',
  args: { question: id('qst') },
  flags: { answer: choice(inquiryAnswers, 'which of its answers') },
  help: `Answers of each question:\n${answersHelp}`,
  print: ({ answeredAt, withdraw, sanction }) => [
    `Answered at ${answeredAt}; the creator sees it, too.`,
    withdraw &&
      `You said that the record no longer stands. Withdraw it: recourse sanctions withdraw ${sanction} --cause …`,
  ],
});

export const questionsCommand = group({
  name: 'questions',
  about: 'closed questions to the submitter of a record that you were told of, and to you',
  help: `Questions, each with its answers:\n${answersHelp}`,
  commands: [list, ask, answer],
});
