import type { OpOutput } from '@recourse/protocol';
import { opCommand } from '../../op-command.ts';
import { printableText, type Terminal } from '../../terminal.ts';
import { evidenceTable, printQuestions } from '../appeals.ts';
import { id } from '../ids.ts';

export const getCommand = opCommand({
  op: 'review.get',
  about: 'one claimed case: account, appeal, information, questions, state of the evidence',
  args: { appeal: id('apl') },
  print,
});

function print(found: OpOutput<'review.get'>, terminal: Terminal): void {
  terminal.table(
    ['', ''],
    [
      ['appeal', found.appeal],
      ['sanction', found.sanction],
      ['reason', found.reason],
      ['ground', found.ground],
      ['language', found.language],
      ['opened', found.openedAt],
      ['decision due', found.decisionDueAt],
      ['reviewers', found.reviewers === 1 ? '1' : `${found.reviewers}, blind to each other`],
      ['record', found.onEnded ? 'has ended: you decide a finding' : 'live'],
      ['evidence confirmed', found.confirmedAt ?? 'not yet'],
      ['of one assignment', found.batch.length === 1 ? '' : found.batch.join(' ')],
      ['relief due', found.reliefDueAt ?? ''],
      ['relieved until', found.relievedUntil ?? ''],
    ],
  );
  terminal.line(`\nThe submitter's account\n${printableText(found.account)}`);
  terminal.line(`\nThe creator says\n${printableText(found.words)}`);
  if (found.news !== undefined) terminal.line(`\nWhat is new\n${printableText(found.news)}`);
  for (const { at, text } of found.information) {
    terminal.line(`\nAdded ${at}\n${printableText(text)}`);
  }
  if (found.response?.text !== undefined) {
    terminal.line(`\nThe submitter stands by it\n${printableText(found.response.text)}`);
  }
  printQuestions(found.questions, terminal);
  if (found.files.length > 0) {
    terminal.line('\nFiles of the creator: recourse review file APPEAL N --out FILE');
    terminal.table(
      ['n', 'name', 'type', 'bytes'],
      found.files.map(({ file, name, mediaType, bytes }) => [file, name, mediaType, bytes]),
    );
  }
  terminal.line();
  evidenceTable(found.evidence, terminal);
}
