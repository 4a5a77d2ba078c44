import { disputeEnds } from '@recourse/protocol';
import { defineTable, oneOf, type RowOf } from './define-table.ts';

/** Bytes that a delivery brought: the JWE, sealed by a key of its own. */
export const sealedEvidence = defineTable('sealed_evidence', {
  keep: {
    why: 'the evidence',
    form: 'sealed to the reviewers, and again by a key of its own',
    // With the last delivery that has its key: see `drop_evidence`.
    life: 'texts',
  },
  columns: (row) => ({
    id: row.fixed('text primary key'),
    sealed: row.fixed('bytea not null'),
  }),
});

export const deliveries = defineTable('deliveries', {
  keep: {
    sealed: {
      why: 'the key of the evidence',
      form: 'sealed under the key of the case',
      life: 'texts',
      goes: 'null',
    },
    row: {
      why: 'whether evidence was delivered',
      form: 'clear; thumbprints of reviewers’ keys',
      life: 'remains',
    },
  },
  columns: ({ sealed, row }) => ({
    review: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    item: row.fixed('integer not null check (item between 0 and 15)'),
    round: row.fixed('integer not null'),
    /** Thumbprints of the sealing keys it can be opened with */
    sealed_to: row.fixed('text[] not null'),
    /** The key of its bytes, sealed under that of the case; null when destroyed */
    sealed: sealed.changing('bytea'),
    /** Its bytes, which may serve other appeals, too */
    evidence: row.fixed('text not null'),
    at: row.fixed('timestamptz not null'),
    rejected_at: row.changing('timestamptz'),
    rejected_why: row.changing('text', oneOf(['illegal-media', 'third-party-data', 'mismatch'])),
  }),
  constraints: [
    'primary key (review, item, round)',
    'foreign key (review, sanction) references reviews (id, sanction)',
    'check ((rejected_at is null) = (rejected_why is null))',
    'check (rejected_at is null or sealed is null)',
  ],
  indexes: { deliveries_of_evidence: '(evidence) where sealed is not null' },
});

export type DeliveriesTable = RowOf<typeof deliveries>;

/** One reviewer says that a delivery does not fit, and another looks at the same bytes. */
export const disputes = defineTable('disputes', {
  keep: {
    contentKey: {
      why: 'lets a second reviewer open evidence that does not fit; gone once that is settled',
      form: 'sealed',
      life: 'texts',
      goes: 'null',
    },
    row: {
      why: 'whether evidence fits, by two reviewers',
      form: 'clear; opaque ids',
      life: 'remains',
    },
  },
  columns: ({ contentKey, row }) => ({
    review: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    item: row.fixed('integer not null check (item between 0 and 15)'),
    round: row.fixed('integer not null'),
    holder: row.fixed('text not null references holders'),
    at: row.fixed('timestamptz not null'),
    /** The key of the JWE, sealed under the case key; gone once it is closed */
    content_key: contentKey.changing('bytea'),
    second: row.changing('text references holders'),
    assigned_at: row.changing('timestamptz'),
    closed_at: row.changing('timestamptz'),
    closed_as: row.changing('text', oneOf(disputeEnds)),
  }),
  constraints: [
    'primary key (review, item, round)',
    'foreign key (review, sanction) references reviews (id, sanction)',
    'foreign key (review, item, round) references deliveries (review, item, round)',
    'foreign key (review, holder) references assignments (review, holder)',
    // Nobody repeats themselves.
    'constraint disputes_by_another check (second <> holder)',
    'check ((second is null) = (assigned_at is null))',
    'check ((closed_at is null) = (closed_as is null))',
    // With key and bytes anybody could read it: a closed one keeps neither.
    'check ((closed_at is null) = (content_key is not null))',
    `check (closed_as is null or closed_as = 'moot' or second is not null)`,
  ],
  indexes: {
    disputes_one_open: 'unique (review, item) where closed_at is null',
    disputes_waiting: '(at) where closed_at is null',
  },
});

export type DisputesTable = RowOf<typeof disputes>;
