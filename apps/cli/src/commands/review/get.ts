import type { AppealRecord, InspectionRecord, OpOutput } from '@recourse/protocol';
import { opCommand } from '../../op-command.ts';
import { reviewId } from '../../options.ts';
import { facts, printableText, quoted, rowsOf, type Output } from '../../terminal.ts';
import { evidenceTable, questionsShown } from '../appeals.ts';

export const getCommand = opCommand({
  op: 'review.get',
  about: 'one taken case: account, state of the evidence, and what was appealed and said',
  args: { appeal: reviewId() },
  print: (found) => {
    const isInspection = 'inspection' in found;
    const said = isInspection ? found.again : found;
    return [
      facts({
        ...(isInspection ? ofInspection(found) : ofAppeal(found)),
        'evidence confirmed': found.confirmedAt ?? 'not yet',
      }),
      `\nThe submitter's account\n${printableText(found.account)}`,
      said && saidShown(said),
      '',
      evidenceTable(found.evidence),
      isInspection &&
        'Does it stand? recourse review decide INSPECTION --outcome passed, or failed',
    ];
  },
});

type Appeal = Extract<OpOutput<'review.get'>, AppealRecord>;
type Inspection = Extract<OpOutput<'review.get'>, InspectionRecord>;

const ofInspection = (found: Inspection) => ({
  inspection: found.inspection,
  sanction: found.sanction,
  why: found.why,
  reason: found.reason,
  'evidence due': found.evidenceDueAt,
  'over by': found.dueAt,
});

const ofAppeal = (found: Appeal) => ({
  appeal: found.appeal,
  sanction: found.sanction,
  reason: found.reason,
  ground: found.ground,
  language: found.language,
  opened: found.openedAt,
  'decision due': found.decisionDueAt,
  reviewers: found.reviewers === 1 ? '1' : `${found.reviewers}, blind to each other`,
  record: found.onEnded ? 'has ended: you decide a finding' : 'live',
  'of one assignment': found.batch.length === 1 ? '' : found.batch.join(' '),
  'relief due': found.reliefDueAt,
  'relieved until': found.relievedUntil,
});

const saidShown = (said: NonNullable<Inspection['again']>): Output => [
  quoted(`The creator says (${said.ground})`, said.words),
  quoted('What is new', said.news),
  said.information.map(({ at, text }) => quoted(`Added ${at}`, text)),
  quoted('The submitter stands by it', said.response?.text),
  questionsShown(said.questions),
  said.files.length > 0 && [
    '\nFiles of the creator: recourse review file APPEAL N --out FILE',
    rowsOf(said.files, { n: 'file' }, 'name', { type: 'mediaType' }, 'bytes'),
  ],
];
