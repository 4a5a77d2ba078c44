import type { Json } from '@recourse/protocol';
import { defineTable, typed } from './define-table.ts';

/** How far the log was counted for the report, and what that came to beside the cells. */
export interface FoldPlace {
  /** Entries before this index were read */
  readonly size: number;
  /** Leaf hash of the last of them, in hex; empty before the first */
  readonly leaf: string;
  readonly entries: number;
  /** Of these, entries of sanctions and disclosures, and those that say that a case was erased */
  readonly sealed: number;
  readonly erased: number;
  /** Entries that openings opened, and openings of cases that nobody can read */
  readonly opened: number;
  readonly keyless: number;
  /** Openings up to this transaction and number were read */
  readonly txid: string;
  readonly seq: number;
  /** The owners of each party, as it stated them last */
  readonly owners: Readonly<Record<string, Json>>;
  /** The reviewers that sit, by holder */
  readonly reviewers: Readonly<Record<string, FoldedReviewer>>;
}

export interface FoldedReviewer {
  readonly termUntil: string | null;
  readonly affiliations: number;
}

/** Figure, party, reason, period, days and count; no party or reason is empty, no days are -1. */
export type CellValues = readonly [string, string, string, string, number, number];

/** One row: the place up to which the report has counted the log. */
export const reportFold = defineTable('report_fold', {
  keep: {
    why: 'how far the report has counted the log',
    form: 'counts; public',
    life: 'operation',
  },
  columns: (row) => ({
    singleton: row.fixed('boolean primary key default true check (singleton)'),
    /** By which rules it was counted: what was counted by others is thrown away */
    basis: row.changing('text not null'),
    place: row.changing('jsonb not null', typed<FoldPlace>()),
  }),
  may: 'delete',
});

/** The figures of the log up to that place. */
export const reportCells = defineTable('report_cells', {
  keep: { why: 'figures of the report, from the log', form: 'counts', life: 'operation' },
  columns: (row) => ({
    figure: row.fixed('text not null'),
    /** Empty where it is of the registry as a whole */
    party: row.fixed('text not null'),
    reason: row.fixed('text not null'),
    period: row.fixed('text not null'),
    /** How long it took, where it is a duration; else -1 */
    days: row.fixed('integer not null'),
    n: row.changing('integer not null'),
  }),
  constraints: ['primary key (party, figure, reason, period, days)'],
  may: 'delete',
});

/** What one record adds to these figures: it is taken out of them when its case was erased. */
export const reportCases = defineTable('report_cases', {
  keep: {
    why: 'what a record counts in the report, to take it out again when its case is erased',
    form: 'counts, by month',
    life: 'counted',
  },
  columns: (row) => ({
    sanction: row.fixed('text primary key'),
    /** Every opening of an earlier transaction is counted */
    upto: row.changing('xid8 not null'),
    opened: row.changing('integer not null'),
    keyless: row.changing('integer not null'),
    counts: row.changing('jsonb not null', typed<readonly CellValues[]>()),
  }),
  may: 'delete',
});
