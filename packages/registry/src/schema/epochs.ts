import { announcedHours, overlapDays } from '@recourse/protocol';
import { defineTable, type RowOf } from './define-table.ts';

/** An announced key of tokens, after the first: never a secret. */
export const rotations = defineTable('rotations', {
  keep: {
    why: 'announced keys of tokens, after the first',
    form: 'clear, public keys',
    life: 'operation',
  },
  columns: (row) => ({
    epoch: row.fixed('integer primary key check (epoch >= 2)'),
    /** 32 bytes, base64url */
    public_key: row.fixed('text not null unique'),
    announced_at: row.fixed('timestamptz not null'),
    opens_at: row.fixed(`timestamptz not null constraint rotations_announced
        check (opens_at >= announced_at + interval '${announcedHours} hours')`),
    /** When the epoch before closes */
    before_closes_at: row.fixed(`timestamptz not null constraint rotations_overlap
        check (before_closes_at = opens_at + interval '${24 * overlapDays} hours')`),
    /** JCS of the `oprf-epoch` entry */
    entry: row.fixed('text not null'),
  }),
});

export type RotationsTable = RowOf<typeof rotations>;

/** The tokens of a record, made anew under a newer epoch. */
export const retokenisations = defineTable('retokenisations', {
  keep: {
    why: 'tokens made anew under the next key: the signed root, shown to whoever matches, and its eight leaves',
    form: 'clear; salted hashes',
    life: 'case',
    goes: 'row',
  },
  columns: (row) => ({
    sanction: row.fixed('text not null references sanctions'),
    epoch: row.fixed('integer not null references rotations'),
    at: row.fixed('timestamptz not null'),
    /** `recourse-subjects+jwt`, shown to whoever matches */
    artefact: row.fixed('text not null'),
    /** The eight leaf commitments of its tree, base64url */
    commitments: row.fixed('text[] not null check (cardinality(commitments) = 8)'),
  }),
  constraints: ['primary key (sanction, epoch)'],
});

export type RetokenisationsTable = RowOf<typeof retokenisations>;
