import type { ColumnOrder } from '@recourse/protocol';

/** Columns that each row must have. Nothing of it is filled in: whoever cannot state it has nothing to record. */
export const requiredColumns = [
  'external_id',
  'reason',
  'action',
  'incident_from',
  'incident_to',
  'decided_at',
  'decided_by',
  'kind',
  'identifier',
  'control',
  'proven_at',
  'evidence_class',
  'account',
  'policy',
  'age',
  'origin',
  'attest',
] as const;

export const optionalColumns = [
  'evidence_file',
  'evidence_text',
  'evidence_count',
  'expires',
  'gravity',
  'evades',
  'ref',
  'notice_channel',
  'notice_language',
  'notice_sent_at',
] as const;

/** Told later than the rest, so that a second run over the same file can add them. */
export const noticeColumns = [
  'notice_channel',
  'notice_language',
  'notice_sent_at',
] as const satisfies readonly Column[];

export const dateColumns = [
  'incident_from',
  'incident_to',
  'decided_at',
  'proven_at',
  'expires',
  'notice_sent_at',
] as const satisfies readonly Column[];

export const columns = [...requiredColumns, ...optionalColumns] as const;
export type Column = (typeof requiredColumns)[number] | (typeof optionalColumns)[number];

/** Columns about one identifier, one piece of evidence, or the file itself. */
const rowColumns = /^(external_id|kind|identifier|control|proven_at|evidence_.+|notice_.+)$/;

/** Columns that all rows of a sanction share. */
export const sanctionColumns = columns.filter((name) => !rowColumns.test(name));

export const isColumn = (name: string): name is Column => columns.some((column) => column === name);

/** One row as it stands in the file; what is empty is absent. */
export interface Row {
  /** Line on which it ends, from 1 */
  readonly line: number;
  /** Bytes of the file up to its end */
  readonly position: number;
  readonly values: Readonly<Partial<Record<Column, string>>>;
  /** In which order each column of dates has day and month, once the file is known */
  readonly orders?: ReadonlyMap<Column, ColumnOrder>;
  /** The line could not be read as a row at all */
  readonly broken?: string;
}
