import {
  reviewIdOf,
  withdrawalCauses,
  type AppealRecord,
  type EvidenceState,
  type OpOutput,
} from '@recourse/protocol';
import { words } from '../asking.ts';
import { group } from '../command.ts';
import { opCommand } from '../op-command.ts';
import { choice, id, reviewId, toggle } from '../options.ts';
import { facts, quoted, rowsOf, type Output, type Table } from '../terminal.ts';

const list = opCommand({
  op: 'appeals.list',
  about: 'appeals against own sanctions, the newest first, and their open inspections',
  flags: { open: toggle('only those that are open') },
  pages: 'appeals',
  print: ({ appeals, inspections }) => [
    // Own records that a reviewer examines without an appeal, or once more.
    inspections.length > 0 && [
      rowsOf(inspections, 'inspection', 'sanction', {
        why: ({ why }) => whys[why],
        opened: 'openedAt',
        'evidence due': ({ evidenceDueAt }) => evidenceDueAt ?? 'nothing now',
      }),
      'What is missing: recourse appeals get INSPECTION\n',
    ],
    appeals.length === 0
      ? 'No appeals.'
      : rowsOf(appeals, 'appeal', 'sanction', 'ground', 'state', {
          opened: 'openedAt',
          'evidence due': 'evidenceDueAt',
          outcome: outcomeOf,
        }),
  ],
});

const whys = {
  drawn: 'drawn by the ledger',
  probation: 'one of your first',
  're-examination': 'you are suspended',
  leaving: 'you leave',
  decision: 'its decision is made again',
  asked: 'you asked that its reversal be decided again',
} as const;

export const outcomeOf = ({ outcome, cause }: AppealRecord): string =>
  [outcome, cause && `(${cause})`].filter(Boolean).join(' ');

const get = opCommand({
  op: 'appeals.get',
  about: 'one appeal or inspection: what was said, what evidence is owed, and to whom it is sealed',
  args: { appeal: reviewId() },
  // What the creator wrote is shown to trust keys alone.
  as: async (_, { identity }) => ((await identity()).keys.trust ? 'trust' : undefined),
  print: (found) => [
    'inspection' in found ? inspectionShown(found) : appealShown(found),
    '',
    evidenceTable(found.evidence),
    found.state === 'open' &&
      !found.evidence.every(({ delivered }) => delivered) &&
      (found.claims.length === 0
        ? 'No reviewer has a key yet; an event says when evidence is requested.'
        : `Deliver it: recourse evidence deliver ${reviewIdOf(found)} --pack DIR`),
  ],
});

type Appeal = Extract<OpOutput<'appeals.get'>, AppealRecord>;

const inspectionShown = (found: Exclude<OpOutput<'appeals.get'>, Appeal>): Output =>
  facts({
    inspection: found.inspection,
    sanction: found.sanction,
    why: whys[found.why],
    state: found.state,
    opened: found.openedAt,
    'evidence due': found.evidenceDueAt ?? 'nothing now',
    'over by': found.dueAt,
    'reviewers with a key': found.claims.length,
    outcome: found.outcome,
  });

const appealShown = (found: Appeal): Output => [
  facts({
    appeal: found.appeal,
    sanction: found.sanction,
    ground: found.ground,
    state: found.state,
    opened: found.openedAt,
    'evidence due': found.evidenceDueAt ?? 'nothing now',
    'decision due': found.decisionDueAt,
    'reviewers with a key': found.claims.length,
    outcome: outcomeOf(found),
  }),
  quoted('The creator says', found.words),
  quoted('What is new', found.news),
  quoted('You said', found.response?.text),
  questionsShown(found.questions),
];

export const questionsShown = (questions: Appeal['questions']): Output =>
  questions.map(({ question, kind, text, answer, answerDueAt }) => [
    quoted(
      `${kind} ${question}, ${answer === undefined ? `to be answered by ${answerDueAt}` : 'answered'}`,
      text,
    ),
    quoted('The creator answers', answer),
  ]);

/** What stands behind each item of a statement. */
export const evidenceTable = (evidence: readonly EvidenceState[]): Table =>
  rowsOf(evidence, 'item', 'class', 'commitment', {
    state: stateOfItem,
  });

function stateOfItem({ delivered, rejected, disputed }: EvidenceState): string {
  if (rejected !== undefined) return `rejected: ${rejected}`;
  if (disputed) return 'disputed: another reviewer compares it';
  return delivered ? 'delivered' : 'missing';
}

const stand = opCommand({
  op: 'appeals.stand',
  about: 'stand by the sanction, in words that the reviewer and the creator read',
  args: { appeal: id('apl') },
  flags: {
    text: words('Your answer', 'up to 4,000 characters; asked for when absent, - for stdin'),
  },
  print: ({ state }) => `Said. The appeal is ${state}; deliver the evidence in time.`,
});

const concede = opCommand({
  op: 'appeals.concede',
  about: 'concede: the sanction ends, counts as reversed, and everyone told undoes it',
  args: { appeal: id('apl') },
  flags: { cause: choice(withdrawalCauses, 'what was wrong') },
  input: async (given, { connect }) => {
    const { sanction } = await (await connect()).appeals.get({ appeal: given.appeal });
    return { ...given, sanction };
  },
  print: ({ state, recalls }, { sanction }) =>
    `${sanction} is ${state}. Platforms told to undo: ${recalls}.`,
});

const redecide = opCommand({
  op: 'appeals.redecide',
  about: 'within seven days, have a reversal decided again by two others; the record stays ended',
  args: { appeal: id('apl') },
  print: ({ dueAt, left }) => [
    `Asked. Two others decide it by ${dueAt}; where both disagree it does not count.`,
    `Deliver the evidence again: recourse appeals list. Left this quarter: ${left}.`,
  ],
});

export const appealsCommand = group({
  name: 'appeals',
  about: 'appeals against your own sanctions, and inspections: what you owe, and your answer',
  commands: [list, get, stand, concede, redecide],
});
