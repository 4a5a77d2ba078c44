import {
  reviewIdOf,
  withdrawalCauses,
  type AppealRecord,
  type EvidenceState,
  type InspectionRecord,
  type OpOutput,
} from '@recourse/protocol';
import { readWords } from '../case/read-words.ts';
import { command, group } from '../command.ts';
import { opCommand } from '../op-command.ts';
import { choice, optional, text, toggle } from '../options.ts';
import { printableText, type Terminal } from '../terminal.ts';
import { id, reviewId } from './ids.ts';

const list = opCommand({
  op: 'appeals.list',
  about: 'appeals against own sanctions, the newest first, and their open inspections',
  flags: { open: toggle('only those that are open') },
  pages: 'appeals',
  print: ({ appeals, inspections }, terminal) => {
    printInspections(inspections, terminal);
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
  },
});

const whys = {
  drawn: 'drawn by the ledger',
  probation: 'one of your first',
  're-examination': 'you are suspended',
  leaving: 'you leave',
  decision: 'its decision is made again',
  asked: 'you asked that its reversal be decided again',
} as const;

/** Own records that a reviewer examines without an appeal, or once more. */
function printInspections(list: readonly InspectionRecord[], terminal: Terminal): void {
  if (list.length === 0) return;
  terminal.table(
    ['inspection', 'sanction', 'why', 'opened', 'evidence due'],
    list.map(({ inspection, sanction, why, openedAt, evidenceDueAt }) => [
      inspection,
      sanction,
      whys[why],
      openedAt,
      evidenceDueAt ?? 'nothing now',
    ]),
  );
  terminal.line('What is missing: recourse appeals get INSPECTION\n');
}

export const outcomeOf = ({ outcome, cause }: AppealRecord): string =>
  [outcome, cause && `(${cause})`].filter(Boolean).join(' ');

const get = opCommand({
  op: 'appeals.get',
  about: 'one appeal or inspection: what was said, what evidence is owed, and to whom it is sealed',
  args: { appeal: reviewId() },
  // What the creator wrote is shown to trust keys alone.
  as: async (_, { identity }) => ((await identity()).keys.trust ? 'trust' : undefined),
  print,
});

function print(found: OpOutput<'appeals.get'>, terminal: Terminal): void {
  const { claims, evidence } = found;
  if ('inspection' in found) {
    terminal.table(
      ['', ''],
      [
        ['inspection', found.inspection],
        ['sanction', found.sanction],
        ['why', whys[found.why]],
        ['state', found.state],
        ['opened', found.openedAt],
        ['evidence due', found.evidenceDueAt ?? 'nothing now'],
        ['over by', found.dueAt],
        ['reviewers with a key', claims.length],
        ['outcome', found.outcome ?? ''],
      ],
    );
  } else printAppeal(found, terminal);
  terminal.line();
  evidenceTable(evidence, terminal);
  if (found.state !== 'open' || evidence.every(({ delivered }) => delivered)) return;
  terminal.line(
    claims.length === 0
      ? 'No reviewer has a key yet; an event says when evidence is requested.'
      : `Deliver it: recourse evidence deliver ${reviewIdOf(found)} --pack DIR`,
  );
}

type Appeal = Extract<OpOutput<'appeals.get'>, AppealRecord>;

function printAppeal(found: Appeal, terminal: Terminal): void {
  const { claims, questions, response, words } = found;
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
}

export function printQuestions(questions: Appeal['questions'], terminal: Terminal): void {
  for (const { question, kind, text, answer, answerDueAt } of questions) {
    const state = answer === undefined ? `to be answered by ${answerDueAt}` : 'answered';
    terminal.line(`\n${kind} ${question}, ${state}\n${printableText(text)}`);
    if (answer !== undefined) terminal.line(`\nThe creator answers\n${printableText(answer)}`);
  }
}

/** What stands behind each item of a statement. */
export const evidenceTable = (evidence: readonly EvidenceState[], terminal: Terminal): void =>
  terminal.table(
    ['item', 'class', 'commitment', 'state'],
    evidence.map(({ item, class: name, commitment, delivered, rejected }) => [
      item,
      name,
      commitment,
      rejected === undefined ? (delivered ? 'delivered' : 'missing') : `rejected: ${rejected}`,
    ]),
  );

const stand = opCommand({
  op: 'appeals.stand',
  about: 'stand by the sanction, in words that the reviewer and the creator read',
  args: { appeal: id('apl') },
  flags: {
    textFile: optional(text('file', 'up to 4,000 characters; asked for when absent, - for stdin')),
  },
  input: async ({ appeal, textFile: file }, { answers }) => ({
    appeal,
    text: await readWords(answers, { what: 'Your answer', file, option: '--text-file' }),
  }),
  print: ({ state }, terminal) =>
    terminal.line(`Said. The appeal is ${state}; deliver the evidence in time.`),
});

const concede = command(
  {
    name: 'concede',
    about: 'concede: the sanction ends, counts as reversed, and everyone told undoes it',
    args: { appeal: id('apl') },
    flags: { cause: choice(withdrawalCauses, 'what was wrong') },
  },
  async ({ appeal, cause }, { terminal, connect }) => {
    const recourse = await connect();
    const { sanction } = await recourse.appeals.get({ appeal });
    const result = await recourse.appeals.concede({ appeal, sanction, cause });
    terminal.result(result, () =>
      terminal.line(`${sanction} is ${result.state}. Platforms told to undo: ${result.recalls}.`),
    );
  },
);

const redecide = opCommand({
  op: 'appeals.redecide',
  about: 'within seven days, have a reversal decided again by two others; the record stays ended',
  args: { appeal: id('apl') },
  print: ({ dueAt, left }, terminal) => {
    terminal.line(
      `Asked. Two others decide it by ${dueAt}; where both disagree it does not count.`,
    );
    terminal.line(`Deliver the evidence again: recourse appeals list. Left this quarter: ${left}.`);
  },
});

export const appealsCommand = group({
  name: 'appeals',
  about: 'appeals against your own sanctions, and inspections: what you owe, and your answer',
  commands: [list, get, stand, concede, redecide],
});
