import { type EndCause, reversalCauses } from '@recourse/protocol';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';

/**
 * A trace that an erasure leaves of a subject: a keyed hash of what it is about, which says nothing to whoever has it
 * alone.
 */
export const remembered = defineTable('remembered', {
  keep: {
    why: 'that a platform was told of a subject, or had a record of it, until when its conduct was and that it ended early: so that it is not counted as independent, and not recorded again',
    form: 'keyed hash of what, platform, reason and token; nothing else',
    life: 'remembered',
  },
  columns: (row) => ({
    /** 32 bytes */
    hash: row.fixed('bytea primary key check (octet_length(hash) = 32)'),
    /** The cause of an early end; none where a platform was told */
    cause: row.fixed(`text check (cause ~ '^[a-z-]{1,40}$')`, typed<EndCause>()),
    at: row.changing('timestamptz not null'),
    until: row.changing('timestamptz not null'),
  }),
  constraints: [`check (until <= at + interval '25 months')`],
  indexes: { remembered_until: '(until)' },
  may: 'delete',
});

export type RememberedTable = RowOf<typeof remembered>;

/**
 * A reversal of a record, by a keyed hash of each of its tokens. It outlives the erasure of the record: a partner of its
 * submitter could otherwise file the same again.
 */
export const reversals = defineTable('reversals', {
  keep: {
    why: 'that a record of a subject was reversed, for which cause and by whom, so that another group does not bring it back unseen',
    form: 'keyed hash of the token, and one of platform and token; outcome, cause, opaque ids of reviewers',
    life: 'remembered',
  },
  columns: (row) => ({
    /** 32 bytes, of the token */
    hash: row.fixed('bytea not null check (octet_length(hash) = 32)'),
    /** 32 bytes, of the token and the platform that had the record */
    owner: row.fixed('bytea not null check (octet_length(owner) = 32)'),
    outcome: row.fixed('text not null', oneOf(['reversed', 'finding'])),
    cause: row.fixed('text not null', oneOf(reversalCauses)),
    /** The reviewers who decided about the record */
    deciders: row.fixed('text[] not null'),
    at: row.fixed('timestamptz not null'),
    until: row.fixed('timestamptz not null'),
  }),
  constraints: [
    'primary key (hash, owner, cause, at)',
    `check (until > at and until <= at + interval '25 months')`,
  ],
  indexes: { reversals_until: '(until)' },
  may: 'delete',
});

export type ReversalsTable = RowOf<typeof reversals>;

/** A claimant asks for the erasure of what they proved. */
export const erasureRequests = defineTable('erasure_requests', {
  keep: {
    asker: {
      why: 'which claimant asked for an erasure, and what they signed',
      form: 'clear; opaque ids',
      life: 'case',
      goes: 'null',
    },
    row: { why: 'that an erasure was asked for, or taken back', form: 'clear', life: 'remains' },
  },
  columns: ({ asker, row }) => ({
    sanction: row.fixed('text not null references sanctions'),
    /** None where only the log tells of it, and once the case is erased */
    claimant: asker.fixed('text'),
    at: row.fixed('timestamptz not null'),
    /** The act that they signed; none where they did not */
    act: asker.fixed('text'),
    /** When they took it back */
    kept_at: row.changing('timestamptz check (kept_at >= at)'),
  }),
  constraints: [
    'unique (sanction, claimant, at)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
  ],
  indexes: { erasure_requests_open: 'unique (claimant) where kept_at is null' },
});

export type ErasureRequestsTable = RowOf<typeof erasureRequests>;
