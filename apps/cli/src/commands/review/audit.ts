import { fromBase64url, type OpOutput } from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { parseIndex } from '../../options.ts';
import { createPrivateBytes } from '../../profile/private-file.ts';
import { printableText, type Terminal } from '../../terminal.ts';
import { evidenceTable, printQuestions } from '../appeals.ts';
import { itemId } from '../ids.ts';
import { showOpened } from './evidence.ts';

/** Records that are examined without an appeal, and decisions that are made again: voted on by `review vote`. */
export const auditCommand = (environment: Environment): Command =>
  new Command('audit')
    .description('examine a record that nobody appealed, or decide an appeal again')
    .addCommand(takeCommand(environment))
    .addCommand(getCommand(environment))
    .addCommand(evidenceCommand(environment))
    .addCommand(fileCommand(environment));

const takeCommand = (environment: Environment): Command =>
  new Command('take')
    .description('take the one that is due first, with a fresh key that evidence is sealed to')
    .action(async (_: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      try {
        const taken = await recourse.audits.take();
        terminal.result({ taken }, () => {
          terminal.line(`${taken.item} (${taken.why}) is yours; its evidence was asked for.`);
          terminal.line(`Read it: recourse review audit get ${taken.item}`);
        });
      } catch (error) {
        if (!isRecourseError(error, 'not-found')) throw error;
        // Nothing to take is no failure.
        terminal.result({ taken: null }, () => terminal.line('Nothing waits that you could take.'));
      }
    });

const getCommand = (environment: Environment): Command =>
  new Command('get')
    .description('what you judge by; of a decision that is made again, without that decision')
    .argument('<audit>')
    .action(async (audit: string, _: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const found = await recourse.audits.get({ item: itemId(audit) });
      terminal.result(found, () => print(found, terminal));
    });

type Audit = OpOutput<'audits.get'>;

function print(found: Audit, terminal: Terminal): void {
  terminal.table(
    ['', ''],
    [
      ['audit', found.item],
      ['sanction', found.sanction],
      ['why', found.why],
      ['reason', found.reason],
      ['evidence due', found.evidenceDueAt ?? ''],
    ],
  );
  terminal.line(`\nThe submitter's account\n${printableText(found.account)}`);
  if (found.appeal) printAppeal(found.appeal, terminal);
  terminal.line();
  evidenceTable(found.evidence, terminal);
  terminal.line('Does it stand? recourse review vote AUDIT --outcome passed, or failed');
}

function printAppeal(appeal: NonNullable<Audit['appeal']>, terminal: Terminal): void {
  terminal.line(`\nThe creator says (${appeal.ground})\n${printableText(appeal.words)}`);
  if (appeal.news !== undefined) terminal.line(`\nWhat is new\n${printableText(appeal.news)}`);
  for (const { at, text } of appeal.information) {
    terminal.line(`\nAdded ${at}\n${printableText(text)}`);
  }
  if (appeal.response?.text !== undefined) {
    terminal.line(`\nThe submitter stands by it\n${printableText(appeal.response.text)}`);
  }
  printQuestions(appeal.questions, terminal);
  if (appeal.files.length === 0) return;
  terminal.line('\nFiles of the creator: recourse review audit file AUDIT N --out FILE');
  terminal.table(
    ['n', 'name', 'type', 'bytes'],
    appeal.files.map(({ file, name, mediaType, bytes }) => [file, name, mediaType, bytes]),
  );
}

interface EvidenceFlags {
  readonly out?: string;
  readonly dispute?: number;
}

const evidenceCommand = (environment: Environment): Command =>
  new Command('evidence')
    .description('open what was delivered, and say of each item whether its digest fits')
    .argument('<audit>')
    .option('--out <dir>', 'write what fits into this folder, readable by you only')
    .option(
      '--dispute <item>',
      'instead: say that an item does not fit, for another reviewer to repeat',
      parseIndex,
    )
    .action(async (audit: string, { out, dispute: place }: EvidenceFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const item = itemId(audit);
      const recourse = await connect();
      if (place === undefined) {
        const items = await recourse.audits.open(item);
        const next = `All fit: recourse review vote ${item} --outcome passed, or failed`;
        return showOpened(terminal, { items, out, next });
      }
      const disputed = await recourse.audits.dispute({ item, place });
      terminal.result(disputed, () =>
        terminal.line(`Item ${place} is disputed; another reviewer repeats the comparison.`),
      );
    });

const fileCommand = (environment: Environment): Command =>
  new Command('file')
    .description('a file that the creator added to the appeal')
    .argument('<audit>')
    .argument('<n>', 'its number, as get lists it', parseIndex)
    .requiredOption('--out <file>', 'where to write it, readable by you only')
    .action(async (...[audit, n, { out }, command]: [string, number, { out: string }, Command]) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const found = await recourse.audits.file({ item: itemId(audit), file: n });
      const file = resolve(out);
      createPrivateBytes(file, fromBase64url(found.bytes));
      const { name, mediaType } = found;
      terminal.result({ name, mediaType, file }, () =>
        terminal.line(`${mediaType} in ${file}. It comes from a stranger: open it with care.`),
      );
    });
