import { hashBytes, type ProblemCode, type ProblemIssue } from '@recourse/protocol';
import {
  RecourseError,
  type DraftedSanction,
  type Evidence,
  type SubmittedSanction,
} from '@recourse/sdk';
import { dirname, join, resolve } from 'node:path';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { columns, noticeColumns, type Row } from '../import/columns.ts';
import { CaseCodeFile } from '../import/files.ts';
import { jsonRow } from '../import/read-rows.ts';
import { readRecord, type ImportRecord } from '../import/record.ts';
import { optional, text, toggle, type Flag } from '../options.ts';
import { keepPrivateFile, readJsonInput } from '../profile/private-file.ts';
import type { Output } from '../terminal.ts';

const own = columns.filter((name) => !noticeColumns.some((notice) => notice === name));
/** `incidentFrom` of `incident_from`, as the flag of the column is called. */
const camel = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

export const submitCommand = command(
  {
    name: 'submit',
    about: 'record one sanction: a JSON file with the columns of an import, flags, or both',
    args: {
      file: optional(
        text('file', 'a JSON object, or a list of them with one identifier each; - for stdin'),
      ),
    },
    flags: {
      draft: toggle('lay it down for a second trust holder to confirm'),
      caseCodes: optional(
        text('file', 'append the case code to this file (0600) instead of showing it once'),
      ),
      ...(Object.fromEntries(
        own.map((column) => [camel(column), optional(text('value', `column ${column}`))]),
      ) as Readonly<Record<string, Flag<string | undefined>>>),
    },
  },
  async ({ file, draft, caseCodes, ...flags }, { terminal, environment, identity, connect }) => {
    // It opens the creator's case, so it goes where the caller wants it, and is never printed into a pipe or a log.
    if (caseCodes === undefined && (!environment.terminal.stdout || terminal.json)) throw noPlace;
    const given = new Map<string, unknown>(Object.entries(flags));
    const stated = own.map((column) => [column, given.get(camel(column))] as const);
    const { input, externalId } = await recordOf(
      file,
      Object.fromEntries(stated.filter(([, value]) => value !== undefined)),
    );
    const { sanctions } = await connect();
    const { journal } = await identity();
    const evidence = input.evidence.map((item) => inFile(item, journal));
    const prepared = await sanctions.prepare({ ...input, evidence });
    if (caseCodes !== undefined) {
      const codes = new CaseCodeFile(resolve(caseCodes));
      const { sanction, caseCode, caseLink } = prepared;
      await codes.add({ externalId, sanction, caseCode, caseLink });
      await codes.close();
    }
    const sent = draft ? await prepared.draft() : await prepared.submit();
    const { sanction, state, version, evidence: kept, subjects } = sent;
    const due =
      'noticeDueAt' in sent ? { noticeDueAt: sent.noticeDueAt } : { lapsesAt: sent.lapsesAt };
    const inJournal = join(journal, `${sanction}.json`);
    const { colleagues } = sent.shared;
    const result = { sanction, state, version, ...due, subjects, evidence: kept, colleagues };
    terminal.result({ ...result, journal: inJournal }, () => [
      ...shown(sent, caseCodes === undefined),
      `What opens its evidence is in ${inJournal}: keep it, and the files, while the record lives.`,
      sharedWith(sent),
    ]);
  },
);

/** A text has no file to be found in when an appeal asks for it: the journal gets one. */
function inFile(item: Evidence, journal: string): Evidence {
  const source = item.from === undefined && item.source;
  if (!(source instanceof Uint8Array)) return item;
  const from = join(journal, `${hashBytes(source)}.txt`);
  keepPrivateFile(from, source);
  return { ...item, source, from };
}

const noPlace = new CliError('usage', {
  message: 'The case code has no place to go: stdout is no terminal.',
  next: 'Name a file for it: --case-codes FILE. It is made readable by you only.',
});

async function recordOf(file: string | undefined, flags: Row['values']): Promise<ImportRecord> {
  const json = file === undefined ? [{}] : [await readJsonInput(file)].flat();
  const [first, ...rest] = json.map((entry, index): Row => {
    const { values, ...broken } = jsonRow(JSON.stringify(entry));
    const merged = { external_id: 'submit', ...values, ...flags };
    return { line: index + 1, position: 0, values: merged, ...broken };
  });
  if (!first) throw refused('invalid-input', []);
  const dir = file === undefined || file === '-' ? '.' : dirname(resolve(file));
  const read = readRecord([first, ...rest], { dir, now: new Date() });
  if (read.ok) return read.record;
  throw refused(read.refusal.code, read.refusal.issues);
}

function refused(code: ProblemCode, found: readonly ProblemIssue[]): CliError {
  const issues = found.map(({ path, code, allowed }) => ({
    path,
    code,
    ...(allowed && { allowed }),
  }));
  const { message, next } = new RecourseError(code, { issues });
  return new CliError('input-invalid', { message, next }, { issues });
}

/** Nothing where no colleague has a key for it: then there is nobody to share with. */
const sharedWith = ({
  sanction,
  shared: { colleagues, error },
}: SubmittedSanction | DraftedSanction) =>
  error
    ? `It is not shared with colleagues: ${error.title} Try again: recourse evidence share ${sanction}`
    : colleagues > 0 && `It is shared with colleagues: ${colleagues}. They need the files, too.`;

const shown = (
  submitted: SubmittedSanction | DraftedSanction,
  isCodeShown: boolean,
): readonly Output[] => [
  `${submitted.sanction} is ${submitted.state}.`,
  'noticeDueAt' in submitted
    ? `Tell the creator by ${submitted.noticeDueAt.toISOString()}.`
    : `A second trust holder confirms it by ${submitted.lapsesAt.toISOString()}.`,
  isCodeShown && `For the notice, shown this once: ${submitted.caseLink}`,
];
