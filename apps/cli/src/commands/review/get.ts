import type { AppealRecord, InspectionRecord, OpOutput } from '@recourse/protocol';
import { opCommand } from '../../op-command.ts';
import { printableText, type Terminal } from '../../terminal.ts';
import { evidenceTable, printQuestions } from '../appeals.ts';
import { reviewId } from '../ids.ts';

export const getCommand = opCommand({
  op: 'review.get',
  about: 'one claimed case: account, state of the evidence, and what was appealed and said',
  args: { appeal: reviewId() },
  print,
});

type Found = OpOutput<'review.get'>;
type Appeal = Extract<Found, AppealRecord>;
type Inspection = Extract<Found, InspectionRecord>;

function print(found: Found, terminal: Terminal): void {
  const isInspection = 'inspection' in found;
  terminal.table(
    ['', ''],
    [
      ...(isInspection ? ofInspection(found) : ofAppeal(found)),
      ['evidence confirmed', found.confirmedAt ?? 'not yet'],
    ],
  );
  terminal.line(`\nThe submitter's account\n${printableText(found.account)}`);
  const said = isInspection ? found.again : found;
  if (said) printSaid(said, terminal);
  terminal.line();
  evidenceTable(found.evidence, terminal);
  if (!isInspection) return;
  terminal.line('Does it stand? recourse review decide INSPECTION --outcome passed, or failed');
}

const ofInspection = (found: Inspection): [string, string][] => [
  ['inspection', found.inspection],
  ['sanction', found.sanction],
  ['why', found.why],
  ['reason', found.reason],
  ['evidence due', found.evidenceDueAt ?? ''],
  ['over by', found.dueAt],
];

const ofAppeal = (found: Appeal): [string, string][] => [
  ['appeal', found.appeal],
  ['sanction', found.sanction],
  ['reason', found.reason],
  ['ground', found.ground],
  ['language', found.language],
  ['opened', found.openedAt],
  ['decision due', found.decisionDueAt],
  ['reviewers', found.reviewers === 1 ? '1' : `${found.reviewers}, blind to each other`],
  ['record', found.onEnded ? 'has ended: you decide a finding' : 'live'],
  ['of one assignment', found.batch.length === 1 ? '' : found.batch.join(' ')],
  ['relief due', found.reliefDueAt ?? ''],
  ['relieved until', found.relievedUntil ?? ''],
];

function printSaid(said: NonNullable<Inspection['again']>, terminal: Terminal): void {
  terminal.line(`\nThe creator says (${said.ground})\n${printableText(said.words)}`);
  if (said.news !== undefined) terminal.line(`\nWhat is new\n${printableText(said.news)}`);
  for (const { at, text } of said.information) {
    terminal.line(`\nAdded ${at}\n${printableText(text)}`);
  }
  if (said.response?.text !== undefined) {
    terminal.line(`\nThe submitter stands by it\n${printableText(said.response.text)}`);
  }
  printQuestions(said.questions, terminal);
  if (said.files.length === 0) return;
  terminal.line('\nFiles of the creator: recourse review file APPEAL N --out FILE');
  terminal.table(
    ['n', 'name', 'type', 'bytes'],
    said.files.map(({ file, name, mediaType, bytes }) => [file, name, mediaType, bytes]),
  );
}
