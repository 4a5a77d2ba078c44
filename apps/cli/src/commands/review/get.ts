import type {
  AppealRecord,
  InspectionRecord,
  OpOutput,
  SanctionStatement,
} from '@recourse/protocol';
import type { OpenOutcome, ReadCase } from '@recourse/sdk';
import { command } from '../../command.ts';
import { reviewId } from '../../options.ts';
import { facts, printableText, quoted, rowsOf, type Output } from '../../terminal.ts';
import { evidenceTable, questionsShown } from '../appeals.ts';
import { statementShown } from '../confirm.ts';

export const getCommand = command(
  {
    name: 'get',
    about:
      'all that a decision needs: the record and its rule, what was said and by whom, the evidence, deadlines, and which outcomes are open',
    args: { appeal: reviewId() },
    help: 'Example: recourse review get apl_…',
  },
  async ({ appeal }, { terminal, connect }) => {
    const read = await (await connect()).review.read(appeal);
    const { taken, statement, outcomes } = read;
    terminal.result({ ...taken, record: statement, outcomes }, () => caseShown(read));
  },
);

function caseShown({ taken, statement, outcomes }: ReadCase): Output {
  const isInspection = 'inspection' in taken;
  const said = isInspection ? taken.again : taken;
  return [
    facts(isInspection ? ofInspection(taken) : ofAppeal(taken)),
    '\nThe record',
    facts(recordOf(statement, taken)),
    `\nThe submitter's account\n${printableText(taken.account)}`,
    !isInspection && claimantsShown(taken),
    said && saidShown(said),
    `\nEvidence: ${taken.confirmedAt === undefined ? 'not confirmed yet' : `confirmed ${taken.confirmedAt}`}`,
    evidenceTable(taken.evidence),
    `Open it: recourse review evidence ${isInspection ? taken.inspection : taken.appeal} --out DIR --confirm`,
    '\nOutcomes',
    rowsOf(outcomes, 'outcome', { now: ({ closed }) => (closed ? 'closed' : 'open'), why: whyOf }),
  ];
}

type Appeal = Extract<OpOutput<'review.get'>, AppealRecord>;
type Inspection = Extract<OpOutput<'review.get'>, InspectionRecord>;

const ofInspection = (found: Inspection) => ({
  inspection: found.inspection,
  sanction: found.sanction,
  why: found.why,
  'evidence due': found.evidenceDueAt,
  'over by': found.dueAt,
});

const ofAppeal = (found: Appeal) => ({
  appeal: found.appeal,
  sanction: found.sanction,
  ground: found.ground,
  language: found.language,
  opened: found.openedAt,
  'evidence due': found.evidenceDueAt ?? 'nothing now',
  'decision due': found.decisionDueAt,
  'ends undecided': found.undecidedAt,
  reviewers: found.reviewers === 1 ? '1' : `${found.reviewers}, blind to each other`,
  'the record': found.onEnded ? 'has ended: you decide a finding' : 'is live',
  'of one assignment': found.batch.length === 1 ? '' : found.batch.join(' '),
  'relief due': found.reliefDueAt,
  'relieved until': found.relievedUntil,
});

/** As it was signed, with the reason that it has now where the panel amended it. */
const recordOf = (statement: SanctionStatement, { reason }: ReadCase['taken']) => ({
  submitter: statement.iss,
  ...statementShown(statement),
  ...(reason !== statement.reason && { 'amended to': reason }),
});

const ways = {
  handed: 'the code that the platform handed over',
  delivered: 'the code that the registry sent to identifier',
  proof: 'proved control of identifier',
  ticket: 'a platform vouched for identifier',
} as const;

/** The more identifiers they proved, the likelier it is them. */
const claimantsShown = ({ claimants }: Appeal): Output => [
  '\nHow each claimant came',
  rowsOf(
    claimants.flatMap(({ claimant, ways: came }) => came.map((one) => ({ claimant, ...one }))),
    'claimant',
    { by: ({ way, place }) => `${ways[way]}${place === undefined ? '' : ` ${place}`}` },
    { on: 'provenAt' },
  ),
];

const saidShown = (said: NonNullable<Inspection['again']>): Output => [
  quoted(`The creator says (${said.ground})`, said.words),
  quoted('What is new', said.news),
  // The first is the appeal itself.
  said.joined
    .slice(1)
    .map(({ claimant, ground, words }) => quoted(`Claimant ${claimant} says (${ground})`, words)),
  said.information.map(({ claimant, at, text }) =>
    quoted(`Claimant ${claimant} added ${at}`, text),
  ),
  quoted('The submitter stands by it', said.response?.text),
  questionsShown(said.questions),
  said.files.length > 0 && [
    '\nFiles of the creator: recourse review file APPEAL N --out FILE',
    rowsOf(said.files, { n: 'file' }, 'claimant', 'name', { type: 'mediaType' }, 'bytes'),
  ],
];

const whys = {
  'record-ended': 'the record has ended',
  'record-live': 'the record is live',
  'too-late': 'only in the first five days',
  'not-confirmed': 'the evidence is not confirmed: recourse review evidence',
  'not-delivered': 'the evidence is not delivered',
  'no-gist': 'the creator had no gist of the evidence: recourse review gist',
  'gist-unanswered': 'the creator has not answered the gist, and has until',
} as const satisfies Record<NonNullable<OpenOutcome['closed']>, string>;

const whyOf = ({ closed, opensAt }: OpenOutcome): string =>
  closed === undefined ? '' : [whys[closed], opensAt].filter(Boolean).join(' ');
