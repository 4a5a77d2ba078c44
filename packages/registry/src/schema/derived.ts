import { defineTable } from './define-table.ts';

/** The evidence commitments of a record, read from its statement: a record with another's is derived. */
export const evidenceCommitments = defineTable('evidence_commitments', {
  keep: {
    why: 'which records commit to the same evidence',
    form: 'clear; salted hashes',
    life: 'case',
    goes: 'row',
  },
  columns: (row) => ({
    commitment: row.fixed('text not null'),
    sanction: row.fixed('text not null references sanctions'),
  }),
  constraints: ['primary key (commitment, sanction)'],
  indexes: { evidence_commitments_of: '(sanction)' },
});

/**
 * Records that were made after their platform, or one of its group, was told of another on the same subject, or with
 * its evidence.
 */
export const derivedRecords = defineTable('derived_records', {
  keep: { why: 'which record follows which', form: 'clear; opaque ids', life: 'remains' },
  columns: (row) => ({
    derived: row.fixed('text not null references sanctions'),
    /** The record of which its platform, or one of its group, was told before, or whose evidence it commits to */
    source: row.fixed('text not null references sanctions'),
  }),
  constraints: ['primary key (derived, source)', 'check (derived <> source)'],
  indexes: { derived_records_of: '(source)' },
});

/**
 * The duty of a derived record since a record that it followed fell: own evidence, without which it answers nothing
 * from its deadline on. Whichever of its sources falls first starts it, and own evidence settles it for all.
 */
export const derivedReviews = defineTable('derived_reviews', {
  keep: {
    why: 'whether a record stands by itself; its signed confirmation has classes, commitments and times',
    form: 'clear; salted hashes',
    life: 'remains',
  },
  columns: (row) => ({
    derived: row.fixed('text primary key references sanctions'),
    started_at: row.fixed('timestamptz not null'),
    due_at: row.fixed('timestamptz not null'),
    confirmed_at: row.changing('timestamptz'),
    /** `recourse-echo+jwt`; none of one that only the log tells of */
    confirmation: row.changing('text'),
  }),
  constraints: [
    'check (started_at < due_at)',
    'check (confirmed_at is null or confirmed_at >= started_at)',
    'check (confirmation is null or confirmed_at is not null)',
  ],
});
