import { Command } from 'commander';
import { dirname, resolve } from 'node:path';
import type { PreparedSanction, SubmittedSanction, DraftedSanction } from '@recourse/sdk';
import { contextOf, type Context } from '../context.ts';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { CaseCodeFile } from '../import/case-code-file.ts';
import { columns, noticeColumns, type Row } from '../import/columns.ts';
import { jsonRow } from '../import/read-rows.ts';
import type { RowGroup } from '../import/group-rows.ts';
import { readRecord, type ImportRecord } from '../import/record.ts';
import { textOf } from '../explain.ts';
import { readJsonInput } from '../read-json-input.ts';

const own = columns.filter((name) => !noticeColumns.some((notice) => notice === name));
const flagOf = (column: string): string => `--${column.replaceAll('_', '-')}`;

export function submitCommand(environment: Environment): Command {
  const command = new Command('submit')
    .description('record one sanction: a JSON file with the columns of an import, flags, or both')
    .argument('[file]', 'a JSON object, or a list of them with one identifier each; - for stdin')
    .option('--draft', 'lay it down for a second trust holder to confirm')
    .option(
      '--case-codes <file>',
      'append the case code to this file (0600) instead of showing it once',
    );
  for (const column of own) command.option(`${flagOf(column)} <value>`, `column ${column}`);
  return command.action(async (file: string | undefined, flags: object, self: Command) => {
    const context = contextOf(self, environment);
    const { caseCodes, draft } = self.opts<{ caseCodes?: string; draft?: boolean }>();
    assertCodeHasAPlace(context, caseCodes);
    const record = await recordOf(file, rowFlags(flags));
    const recourse = await context.connect();
    const prepared = await recourse.sanctions.prepare(record.input);
    if (caseCodes !== undefined) await keepCode(caseCodes, { record, prepared });
    const sent = draft ? await prepared.draft() : await prepared.submit();
    report(context, sent, caseCodes === undefined);
  });
}

/** It opens the creator's case, so it goes where the caller wants it, and is never printed into a pipe or a log. */
function assertCodeHasAPlace({ terminal, environment }: Context, caseCodes?: string): void {
  if (caseCodes !== undefined || (environment.terminal.stdout && !terminal.json)) return;
  throw new CliError('usage', {
    message: 'The case code has no place to go: stdout is no terminal.',
    next: 'Name a file for it: --case-codes FILE. It is made readable by you only.',
  });
}

/** As commander names the option of a column. */
const camel = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

function rowFlags(flags: object): Row['values'] {
  const given = new Map<string, unknown>(Object.entries(flags));
  return Object.fromEntries(
    own.flatMap((column) => {
      const value = given.get(camel(column));
      return typeof value === 'string' ? [[column, value]] : [];
    }),
  );
}

async function recordOf(file: string | undefined, flags: Row['values']): Promise<ImportRecord> {
  const json = file === undefined ? [{}] : [await readJsonInput(file)].flat();
  const rows = json.map((entry, index): Row => {
    const { values, broken } = jsonRow(JSON.stringify(entry));
    const merged = { external_id: 'submit', ...values, ...flags };
    return {
      line: index + 1,
      position: 0,
      values: merged,
      ...(broken === undefined ? {} : { broken }),
    };
  });
  const [first, ...rest] = rows;
  if (!first) throw refused('invalid-input', []);
  const group: RowGroup = [first, ...rest];
  const dir = file === undefined || file === '-' ? '.' : dirname(resolve(file));
  const read = readRecord(group, { dir, now: new Date() });
  if (read.ok) return read.record;
  throw refused(read.refusal.code, read.refusal.issues);
}

const refused = (code: string, issues: readonly { path: string; code: string }[]): CliError =>
  new CliError(
    'input-invalid',
    { message: textOf(code).title, next: textOf(code).next },
    { issues: issues.map(({ path, code }) => ({ path, code })) },
  );

async function keepCode(
  path: string,
  { record, prepared }: { record: ImportRecord; prepared: PreparedSanction },
): Promise<void> {
  const { sanction, caseCode, caseLink } = prepared;
  const file = new CaseCodeFile(resolve(path));
  await file.add({ externalId: record.externalId, sanction, caseCode, caseLink });
  await file.close();
}

function report(
  { terminal }: Context,
  sent: SubmittedSanction | DraftedSanction,
  showCode: boolean,
): void {
  const { sanction, state, version, evidence, subjects } = sent;
  const due =
    'noticeDueAt' in sent ? { noticeDueAt: sent.noticeDueAt } : { lapsesAt: sent.lapsesAt };
  terminal.result({ sanction, state, version, ...due, subjects, evidence }, () => {
    terminal.line(`${sanction} is ${state}.`);
    if ('noticeDueAt' in sent)
      terminal.line(`Tell the creator by ${sent.noticeDueAt.toISOString()}.`);
    else terminal.line(`A second trust holder confirms it by ${sent.lapsesAt.toISOString()}.`);
    for (const item of evidence) {
      terminal.line(`Keep with the bytes of ${item.class}: salt ${item.salt}`);
    }
    if (showCode) terminal.line(`For the notice, shown this once: ${sent.caseLink}`);
  });
}
