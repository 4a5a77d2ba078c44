import {
  actions,
  ages,
  controls,
  evidenceClassNames,
  identifierKinds,
  reasonCodes,
} from '@recourse/protocol';
import type { SanctionInput } from '@recourse/sdk';
import { issueText } from '../../parts/issues.ts';

/** What a file has to say of each record. Those in `optional` may stay unmapped. */
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

/** Columns whose names are those of the fields map themselves. */
export const mappedByName = (columns: readonly string[]): Mapping =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const column = columns.find((name) => name.trim().toLowerCase() === field);
      return column === undefined ? [] : [[field, column]];
    }),
  );

export type Judged =
  | { readonly input: SanctionInput; readonly files: readonly File[]; readonly faults?: undefined }
  | { readonly input?: undefined; readonly faults: Readonly<Partial<Record<ImportField, string>>> };

const lists: Readonly<Partial<Record<ImportField, readonly string[]>>> = {
  reason: reasonCodes,
  action: actions,
  kind: identifierKinds,
  control: controls,
  evidence_class: evidenceClassNames,
  origin: ['own-detection', 'user-report'],
  age: ages,
};

const dates: readonly ImportField[] = ['incident_from', 'incident_to', 'decided_at', 'proven_at'];

/** One row as a record, or what is wrong with it, by field. The file is somebody's: nothing in it is trusted. */
export function judge(row: FileRow, mapping: Mapping, files: ReadonlyMap<string, File>): Judged {
  const of = (field: ImportField): string => (row[mapping[field] ?? ''] ?? '').trim();
  const faults: Partial<Record<ImportField, string>> = {};
  for (const field of fields) {
    if (of(field) === '' && !optional.has(field))
      faults[field] = issueText({ code: 'required' });
  }
  for (const [field, list] of Object.entries(lists) as [ImportField, readonly string[]][]) {
    if (of(field) !== '' && !list.includes(of(field)))
      faults[field] = `Allowed: ${list.join(', ')}.`;
  }
  for (const field of dates) {
    if (of(field) !== '' && Number.isNaN(Date.parse(of(field)))) {
      faults[field] = 'Write a date as 2026-03-01 or 2026-03-01T12:00Z.';
    }
  }
  const file = files.get(of('evidence_file'));
  if (of('evidence_file') !== '' && !file) faults.evidence_file = 'Add this file above.';
  if (Object.keys(faults).length > 0 || !file) return { faults };
  return { input: inputOf(of, file), files: [file] };
}

function inputOf(of: (field: ImportField) => string, file: File): SanctionInput {
  const among = <T extends string>(list: readonly T[], field: ImportField): T => {
    const found = list.find((one) => one === of(field));
    if (found === undefined) throw new TypeError(field);
    return found;
  };
  const at = (field: ImportField): Date => new Date(of(field));
  const proven = {
    value: of('identifier'),
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
    evidence: [{ class: among(evidenceClassNames, 'evidence_class'), source: file }],
    account: of('account'),
    policy: 0,
    origin: among(['own-detection', 'user-report'] as const, 'origin'),
    attest: ['no-authority', 'no-takeover'],
    age: among(ages, 'age'),
    notice: 'due',
    ...(of('ref') === '' ? {} : { ref: of('ref') }),
  };
}
