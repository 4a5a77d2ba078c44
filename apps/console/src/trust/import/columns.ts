import {
  actions,
  ages,
  controls,
  evidenceClassNames,
  identifierKinds,
  reasonCodes,
  toBase64url,
} from '@recourse/protocol';
import type { SanctionInput } from '@recourse/sdk';
import { issueText } from '../../parts/issues/issue-text.ts';
import { faultOfAccount, faultOfRef } from '../own-words.ts';
import { readIdentifier } from '../read-identifier.ts';
import { datesIn, type DateField, type Dates, type Orders } from './dates.ts';

/** Fields that a file has for each record. Those in `optional` may stay unmapped. */
export const fields = [
  'reason',
  'action',
  'incident_from',
  'incident_to',
  'decided_at',
  'kind',
  'identifier',
  'control',
  'proven_at',
  'evidence_class',
  'evidence_file',
  'account',
  'origin',
  'age',
  'ref',
] as const;
export type ImportField = (typeof fields)[number];
export const optional: ReadonlySet<ImportField> = new Set(['ref']);

/** Column of the file by field; undefined where none is chosen. */
export type Mapping = Readonly<Partial<Record<ImportField, string>>>;
export type FileRow = Readonly<Record<string, string>>;

/** Text of a row for a field; empty where it says nothing. */
export const cellOf = (row: FileRow, mapping: Mapping, field: ImportField): string =>
  (row[mapping[field] ?? ''] ?? '').trim();

/** Columns whose names are those of the fields map themselves. */
export const mappedByName = (columns: readonly string[]): Mapping =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const column = columns.find((name) => name.trim().toLowerCase() === field);
      return column === undefined ? [] : [[field, column]];
    }),
  );

/** Dates that will be signed */
type RowDates = Readonly<Partial<Record<ImportField, Date>>>;
type Faults = Readonly<Partial<Record<ImportField, string>>>;
export type Judged =
  | {
      readonly input: Required<SanctionInput>;
      readonly files: readonly File[];
      readonly dates: RowDates;
      readonly faults?: undefined;
    }
  | { readonly input?: undefined; readonly dates: RowDates; readonly faults: Faults };

/** Facts that are known of all rows. */
export interface Reading {
  readonly mapping: Mapping;
  readonly orders: Orders;
  readonly files: ReadonlyMap<string, File>;
}

const lists: Readonly<Partial<Record<ImportField, readonly string[]>>> = {
  reason: reasonCodes,
  action: actions,
  kind: identifierKinds,
  control: controls,
  evidence_class: evidenceClassNames,
  origin: ['own-detection', 'user-report'],
  age: ages,
};

/** One row as a record, or what is wrong with it, by field. The file is somebody's: nothing in it is trusted. */
export function judge(row: FileRow, { mapping, orders, files }: Reading): Judged {
  const textOf = (field: ImportField): string => cellOf(row, mapping, field);
  const { dates, faults: wrongDates } = datesIn(textOf, orders);
  const faults = { ...faultsIn(textOf), ...wrongDates };
  const file = files.get(textOf('evidence_file'));
  if (textOf('evidence_file') !== '' && !file) faults.evidence_file = 'Add this file above.';
  if (Object.keys(faults).length > 0 || !file) return { dates, faults };
  return { input: inputOf(textOf, dates, file), files: [file], dates };
}

/** Faults of a row: a missing value, a value that is not allowed, an identifier that is none of its kind. */
function faultsIn(textOf: (field: ImportField) => string): Partial<Record<ImportField, string>> {
  const faults: Partial<Record<ImportField, string>> = {};
  for (const field of fields) {
    if (textOf(field) === '' && !optional.has(field))
      faults[field] = issueText({ code: 'required' });
  }
  for (const [field, list] of Object.entries(lists) as [ImportField, readonly string[]][]) {
    if (textOf(field) !== '' && !list.includes(textOf(field)))
      faults[field] = `Allowed: ${list.join(', ')}.`;
  }
  const kind = identifierKinds.find((kind) => kind === textOf('kind'));
  const { fault } =
    kind && textOf('identifier') !== '' ? readIdentifier(kind, textOf('identifier')) : {};
  const own = { account: faultOfAccount(textOf('account')), ref: faultOfRef(textOf('ref')) };
  for (const [field, wrong] of [['identifier', fault], ...Object.entries(own)] as const) {
    if (wrong !== undefined) faults[field as ImportField] = wrong;
  }
  return faults;
}

const salts = new WeakMap<File, string>();

/** Records of one import that rest on one file commit to one item: a reviewer decides their appeals together. */
function saltOf(file: File): string {
  const salt = salts.get(file) ?? toBase64url(crypto.getRandomValues(new Uint8Array(32)));
  salts.set(file, salt);
  return salt;
}

/** The input of the SDK, with each member named: also one that no column says. */
function inputOf(
  textOf: (field: ImportField) => string,
  dates: Dates,
  file: File,
): Required<SanctionInput> {
  const among = <T extends string>(list: readonly T[], field: ImportField): T => {
    const found = list.find((one) => one === textOf(field));
    if (found === undefined) throw new TypeError(field);
    return found;
  };
  const at = (field: DateField): Date => {
    const date = dates[field];
    if (!date) throw new TypeError(field);
    return date;
  };
  const proven = {
    value: textOf('identifier'),
    control: among(controls, 'control'),
    provenAt: at('proven_at'),
  };
  return {
    creator: { [among(identifierKinds, 'kind')]: proven },
    reason: among(reasonCodes, 'reason'),
    action: among(actions, 'action'),
    incident: { from: at('incident_from'), to: at('incident_to') },
    decidedAt: at('decided_at'),
    decidedBy: 'human',
    evidence: [
      {
        class: among(evidenceClassNames, 'evidence_class'),
        source: file,
        salt: saltOf(file),
      },
    ],
    account: textOf('account'),
    policy: 0,
    origin: among(['own-detection', 'user-report'] as const, 'origin'),
    attest: ['no-authority', 'no-takeover'],
    age: among(ages, 'age'),
    expires: undefined,
    gravity: undefined,
    evades: undefined,
    ref: textOf('ref') === '' ? undefined : textOf('ref'),
  };
}
