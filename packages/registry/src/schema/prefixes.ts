import type { Selectable } from 'kysely';
import { defineTable, type RowOf } from './define-table.ts';
import { mostPrefixBits } from './figures.ts';

/**
 * Records of which something changed that a set may depend on. Who folds looks at the record: a mark says no more.
 */
export const prefixChanges = defineTable('prefix_changes', {
  keep: { why: 'which records the sets have to look at', form: 'opaque ids', life: 'folded' },
  columns: (row) => ({
    seq: row.fixed('bigint generated always as identity primary key'),
    sanction: row.fixed('text not null'),
  }),
  may: 'delete',
});

/** One row: whoever has it FOR UPDATE folds and publishes. */
export const prefixTurn = defineTable('prefix_turn', {
  keep: { why: 'lets one server at a time publish', form: 'an instant', life: 'operation' },
  columns: (row) => ({
    singleton: row.fixed('boolean primary key default true check (singleton)'),
    /** Records that were made by then and are not marked are counted */
    folded_at: row.changing('timestamptz not null'),
  }),
  seed: `(folded_at) values ('epoch')`,
  may: 'select',
});

/** A token that is counted in the set of its epoch. It outlives its subject by the seconds until it is folded. */
export const listedSubjects = defineTable('listed_subjects', {
  keep: {
    why: 'what of a record is counted in a set, so that it is taken out again',
    form: '32 bits of the token, masked by a key outside the database',
    life: 'listed',
  },
  columns: (row) => ({
    sanction: row.fixed('text not null'),
    position: row.fixed('integer not null check (position between 0 and 7)'),
    epoch: row.fixed('bigint not null'),
    /** The first 32 bits of the token under a mask of the vault */
    masked: row.fixed(`bigint not null check (masked between 0 and ${2 ** 32 - 1})`),
    /** When it stops matching by time alone */
    until: row.fixed('timestamptz not null'),
  }),
  constraints: ['primary key (sanction, position, epoch)'],
  indexes: { listed_subjects_until: '(until)', listed_subjects_of_epoch: '(epoch)' },
  may: 'delete',
});

/** The set of an epoch as it was published last. */
export const prefixSets = defineTable('prefix_sets', {
  keep: {
    why: 'which version of a set is the newest',
    form: 'counts; no creator',
    life: 'operation',
  },
  columns: (row) => ({
    epoch: row.fixed('bigint primary key'),
    version: row.changing('bigint not null check (version > 0)'),
    /** Never more than tells one in about a hundred: nobody gets tokens in bulk */
    bits: row.changing('integer not null'),
    /** Tokens counted, of which two may share a prefix */
    tokens: row.changing('bigint not null check (tokens >= 0)'),
    as_of: row.changing('timestamptz not null'),
  }),
  constraints: [
    `constraint prefix_sets_width check (bits >= 1 and bits <= ${mostPrefixBits}
        and 2::numeric ^ (bits - 7) <= greatest(2::numeric ^ 13, 1.25 * tokens))`,
  ],
});

export type PrefixSetsTable = Selectable<RowOf<typeof prefixSets>>;

/** The counts that a set is led on by: those of generation 0 where there is no row. */
export const prefixLeads = defineTable('prefix_leads', {
  keep: {
    why: 'which counts a set is led on by',
    form: 'counts; no creator',
    life: 'operation',
  },
  columns: (row) => ({
    epoch: row.fixed('bigint primary key references prefix_sets'),
    /** None from when they are given up until the set was made anew */
    generation: row.changing('integer'),
  }),
});

/**
 * Counts that are being made, or that nothing is led on by any more and are being deleted; each step is a short transaction.
 * Counts that are being made are those of all that is listed up to a place, at every commit.
 */
export const prefixGenerations = defineTable('prefix_generations', {
  keep: {
    why: 'how far a set is made anew, and how far an old one is deleted',
    form: 'counts; an opaque id',
    life: 'made',
  },
  columns: (row) => ({
    epoch: row.fixed('bigint not null'),
    generation: row.fixed('integer not null check (generation >= 0)'),
    bits: row.fixed(`integer not null check (bits between 1 and ${mostPrefixBits})`),
    tokens: row.changing('bigint not null default 0 check (tokens >= 0)'),
    /** The place that was counted last; none once all are */
    sanction: row.changing(`text default ''`),
    position: row.changing('integer default -1'),
    /** Rises with each change: who has read the counts knows by it whether they are still those */
    revision: row.changing('bigint not null default 0'),
    /** The prefix from which on it has to be deleted; none while it is made */
    dropped_to: row.changing('bigint'),
  }),
  constraints: [
    'primary key (epoch, generation)',
    'check ((sanction is null) = (position is null))',
  ],
  indexes: { prefix_generations_made: 'unique (epoch) where dropped_to is null' },
  may: 'delete',
});

/** How many tokens have a prefix of the width of their set. */
export const prefixCounts = defineTable('prefix_counts', {
  keep: {
    why: 'how many tokens share a prefix: it stays in the set until the last of them has ended',
    form: 'clear: the prefixes of the newest set, of no record',
    life: 'listed',
  },
  columns: (row) => ({
    epoch: row.fixed('bigint not null'),
    prefix: row.fixed(`bigint not null check (prefix between 0 and ${2 ** 32 - 1})`),
    /** Two tokens may share a prefix: it leaves the set with the last of them */
    n: row.changing('integer not null constraint prefix_counts_positive check (n >= 0)'),
    /** A set is made anew in a generation of its own. Before the contract there is one alone, in which servers of 0.1.0 count */
    generation: row.fixed('integer not null default 0'),
  }),
  constraints: ['primary key (epoch, generation, prefix)'],
  may: 'delete',
});

export const prefixVersions = defineTable('prefix_versions', {
  keep: {
    why: 'what changed from version to version',
    form: 'clear; what every member is given',
    life: 'sets',
  },
  columns: (row) => ({
    epoch: row.fixed('bigint not null references prefix_sets'),
    version: row.fixed('bigint not null'),
    bits: row.fixed('integer not null'),
    size: row.fixed('bigint not null'),
    /** SHA-256 of the set, as its header says */
    checksum: row.fixed('bytea not null check (octet_length(checksum) = 32)'),
    /** `recourse-set+jwt` */
    header: row.fixed('text not null'),
    as_of: row.fixed('timestamptz not null'),
    /** Against the version before: sorted prefixes of four bytes each; null where the set was made anew */
    added: row.fixed('bytea check (octet_length(added) % 4 = 0)'),
    removed: row.fixed('bytea check (octet_length(removed) % 4 = 0)'),
  }),
  constraints: ['primary key (epoch, version)', 'check ((added is null) = (removed is null))'],
  indexes: { prefix_versions_as_of: '(epoch, as_of)' },
  may: 'delete',
});

export type PrefixVersionsTable = RowOf<typeof prefixVersions>;

export const prefixSnapshots = defineTable('prefix_snapshots', {
  keep: { why: 'the whole set', form: 'clear; what every member is given', life: 'sets' },
  columns: (row) => ({
    epoch: row.fixed('bigint not null references prefix_sets'),
    version: row.fixed('bigint not null'),
    sha256: row.fixed('bytea not null'),
    bytes: row.fixed('bytea not null'),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: ['primary key (epoch, version)', 'check (sha256 = sha256(bytes))'],
  indexes: { prefix_snapshots_sha256: '(sha256)' },
  may: 'delete',
});
