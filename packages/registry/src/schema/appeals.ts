import { appealGrounds, decisionOutcomes, endCauses, withdrawalCauses } from '@recourse/protocol';
import { type ReviewKind, reviewKinds, reviewRules } from '@recourse/protocol/review';
import type { ColumnType } from 'kysely';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';

/** The id of a review of this kind; none of another's. */
const idOf = (kind: ReviewKind): `text generated always as ${string}` =>
  `text generated always as (case left(id, 4) when '${reviewRules[kind].prefix}_' then id end) stored`;

/** A case for reviewers about a record: an appeal, or an inspection. Neither is there without the other row. */
export const reviews = defineTable('reviews', {
  keep: {
    why: 'what reviewers judge of a record: an appeal, or an inspection',
    form: 'clear; opaque ids',
    life: 'remains',
  },
  columns: (row) => ({
    id: row.fixed('text primary key'),
    sanction: row.fixed('text not null references sanctions'),
    appeal: row.fixed(idOf('appeal')),
    inspection: row.fixed(idOf('inspection')),
  }),
  constraints: ['unique (id, sanction)', `check (num_nonnulls(${reviewKinds.join(', ')}) = 1)`],
  later: [
    // No review is of its own making.
    'add constraint reviews_of_appeal foreign key (appeal) references appeals',
    'add constraint reviews_of_inspection foreign key (inspection) references inspections',
  ],
});

/** A creator's appeal against one record. Words, files and evidence are sealed under the key of the case. */
export const appeals = defineTable('appeals', {
  keep: {
    words: { why: 'what the creator says', form: 'sealed', life: 'texts', goes: `''` },
    news: { why: 'what the creator says is new', form: 'sealed', life: 'texts', goes: 'null' },
    response: { why: 'what the submitter says', form: 'sealed', life: 'texts', goes: 'null' },
    claimant: { why: 'who opened it', form: 'opaque id', life: 'case', goes: 'null' },
    row: { why: 'what is decided until when, and how it was', form: 'clear', life: 'remains' },
  },
  columns: ({ words, news, response, claimant, row }) => ({
    id: row.fixed(`text primary key check (id ~ '^apl_[0-9a-z]{26}$')`),
    sanction: row.fixed('text not null references sanctions'),
    /** Whose record it is, by which the open appeals of a group are found */
    submitter: row.fixed(
      'text not null references parties',
      typed<ColumnType<string, string, never>>(),
    ),
    /** The claimant who opened it; nobody once the case is erased */
    claimant: claimant.fixed('text'),
    ground: row.fixed('text not null', oneOf(appealGrounds)),
    /** Opened by a way that proves an identifier (`has_proven`) */
    proven: row.fixed('boolean not null default false'),
    /** The ground `expression` on a code next to speech */
    speech: row.changing('boolean not null default false'),
    language: row.fixed('text not null'),
    words: words.fixed('bytea not null'),
    /** A later appeal says what is new */
    news: news.fixed('bytea'),
    /** The dismissed one that another reviewer looks at again */
    reopens: row.fixed('text'),
    reviewers: row.changing('integer not null check (reviewers between 1 and 3)'),
    opened_at: row.fixed('timestamptz not null'),
    /** When a reviewer has to have taken it: two days for speech, else five */
    assignment_due_at: row.changing('timestamptz not null check (assignment_due_at >= opened_at)'),
    /** None while nobody has a key to seal evidence to, and none once all is delivered */
    evidence_due_at: row.changing('timestamptz'),
    evidence_lapses_at: row.changing('timestamptz'),
    evidence_confirmed_at: row.changing('timestamptz'),
    added_days: row.changing('integer not null default 0 check (added_days between 0 and 14)'),
    decision_due_at: row.changing('timestamptz not null'),
    undecided_at: row.fixed('timestamptz not null'),
    /** On the ground `expression` relief is decided before this, or granted */
    relief_due_at: row.changing('timestamptz'),
    relief_decided_at: row.changing('timestamptz'),
    relief_decided_as: row.changing('text', oneOf(['granted', 'refused', 'spared'])),
    /** The creator withdrew it; until then they may keep it */
    withdraws_at: row.changing('timestamptz'),
    /** Opened by ways that an earlier decision bound: late, it neither suspends nor ends the record */
    bound: row.changing('boolean not null'),
    /** Another was open on the same evidence when its relief began: none is due */
    together: row.changing('boolean not null default false'),
    /** The first of those that stand together on the same evidence; none of itself */
    beside: row.fixed('text', typed<ColumnType<string | null, string | null | undefined, never>>()),
    /** Whoever appeals was heard before with confirmed evidence: the reason stays told */
    reason_told: row.changing('boolean not null default false'),
    /**
     * Opened before the record answered, and none that answers now: held until then while it is open. The latest of those
     * who joined while it was held.
     */
    keeps_until: row.changing('timestamptz'),
    responded_at: row.changing('timestamptz'),
    response: response.changing('bytea'),
    closed_at: row.changing('timestamptz'),
    closed_as: row.changing(
      'text',
      oneOf(['decided', 'withdrawn', 'undelivered', 'undecided', 'conceded', 'restored']),
    ),
    outcome: row.changing('text', oneOf(decisionOutcomes)),
    cause: row.changing('text', oneOf(endCauses)),
    /** Why the submitter says that it conceded */
    concession: row.changing('text', oneOf(withdrawalCauses)),
  }),
  constraints: [
    'unique (id, sanction)',
    'foreign key (id, sanction) references reviews (id, sanction)',
    'foreign key (reopens, sanction) references appeals (id, sanction)',
    `constraint appeals_concession check (concession is null or cause is not distinct from 'conceded')`,
    'foreign key (claimant, sanction) references claimants (id, sanction)',
    'check ((closed_at is null) = (closed_as is null))',
    `constraint appeals_outcome check ((closed_as is not distinct from 'decided') = (outcome is not null))`,
    `constraint appeals_undecided_late check (closed_as <> 'undecided' or closed_at >= undecided_at)`,
    'check ((evidence_due_at is null) = (evidence_lapses_at is null))',
    'check (opened_at < decision_due_at and decision_due_at <= undecided_at)',
    // Speech: two reviewers, and relief that is granted where nobody decided it in time.
    'constraint appeals_expression_two check (not speech or reviewers >= 2)',
    `constraint appeals_relief_in_time check (case when relief_decided_as = 'spared'
        then relief_decided_at = relief_due_at else relief_decided_at < relief_due_at end)`,
    'check ((relief_decided_at is null) = (relief_decided_as is null))',
    'check (relief_decided_at is null or relief_due_at is not null)',
  ],
  indexes: {
    // One open at a time.
    appeals_one_open: 'unique (sanction) where closed_at is null',
    appeals_beside: '(beside, opened_at) where beside is not null',
    appeals_reopened: '(reopens) where reopens is not null',
    appeals_of_sanction: '(sanction)',
    appeals_of_speech: `(closed_at) where cause in ('expression', 'authority-origin')`,
    appeals_conceded_speech: `(closed_at) where closed_as = 'conceded' and speech`,
    appeals_reversed: `(closed_at) where closed_at is not null and not (closed_as = 'decided' and outcome in ('upheld', 'amended', 'dismissed'))`,
    appeals_open: '(opened_at) where closed_at is null',
  },
});

export type AppealsTable = RowOf<typeof appeals>;

/** Which appeals are on the same evidence. Of a record without any there is no row. */
export const appealProofs = defineTable('appeal_proofs', {
  keep: {
    why: 'a hash of the evidence that an appeal is about, and when it was closed',
    form: 'clear',
    life: 'case',
    goes: 'row',
  },
  columns: (row) => ({
    appeal: row.fixed('text primary key'),
    sanction: row.fixed('text not null'),
    /** What its record rests on */
    proof: row.fixed('text not null'),
    /** Of the appeal, which a server of 0.1.0 writes there alone */
    closed_at: row.changing(
      'timestamptz',
      typed<ColumnType<Date | null, Date | null | undefined, Date | null>>(),
    ),
  }),
  constraints: ['foreign key (appeal, sanction) references appeals (id, sanction)'],
  indexes: {
    appeal_proofs_open: `(proof, coalesce(closed_at, 'infinity'))`,
    appeal_proofs_of: '(sanction)',
  },
});

export type AppealProofsTable = RowOf<typeof appealProofs>;

/** Claimants who appeal together: whoever opened the appeal, and each who joined it. One row a ground. */
export const appealJoins = defineTable('appeal_joins', {
  keep: {
    words: {
      why: 'what a claimant says who joined an appeal',
      form: 'sealed',
      life: 'texts',
      goes: 'null',
    },
    row: {
      why: 'who appeals together, on which grounds, and who withdrew with which signature',
      form: 'clear; opaque ids',
      life: 'case',
      goes: 'row',
    },
  },
  columns: ({ words, row }) => ({
    appeal: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    claimant: row.fixed('text not null'),
    ground: row.fixed('text not null', oneOf(appealGrounds)),
    /** Sealed; none of whoever opened it, whose words stand with the appeal */
    words: words.fixed('bytea'),
    at: row.fixed('timestamptz not null'),
    /**
     * Joined while the record was held: their way keeps it held for 60 days in all, to the next day that somebody works
     */
    keeps_until: row.fixed(`timestamptz constraint appeal_joins_hold_ends
        check (keeps_until <= at + interval '63 days')`),
    /** When they said that they withdraw, from when they appeal no more, and what they signed */
    withdrawal_at: row.changing('timestamptz check (withdrawal_at >= at)'),
    withdraws_at: row.changing('timestamptz'),
    /** The withdrawal that they signed; none where it waits */
    withdrawal: row.changing('text'),
    /** Reviewer and submitter know them by this number */
    number: row.fixed('integer not null check (number >= 1)'),
  }),
  constraints: [
    'primary key (appeal, claimant, ground)',
    'foreign key (appeal, sanction) references appeals (id, sanction)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
  ],
  indexes: {
    appeal_joins_of: '(sanction, claimant)',
    appeal_joins_numbered: '(appeal, number)',
    appeal_joins_staying: '(appeal) where withdraws_at is null',
    appeal_joins_leaving: '(appeal) where withdraws_at is not null',
  },
});

export type AppealJoinsTable = RowOf<typeof appealJoins>;

/**
 * The lots of those who came by shared ways: of each way a reviewer reads ten. A lot is random and told to nobody, so that
 * whoever makes many claimants chooses none of them.
 */
export const appealLots = defineTable('appeal_lots', {
  keep: {
    why: 'whom a reviewer reads of all who came by one way that proves nothing',
    form: 'clear; opaque ids, a random number',
    life: 'case',
    goes: 'row',
  },
  columns: (row) => ({
    appeal: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    claimant: row.fixed('text not null'),
    /** With its place where it has one: all codes that the platform handed out are one way */
    way: row.fixed(`text not null check (way ~ '^(handed|(delivered|ticket):[0-7])$')`),
    lot: row.fixed('bytea not null check (octet_length(lot) = 16)'),
    /** When they were drawn; none of those whom nobody reads */
    read_at: row.changing('timestamptz'),
  }),
  constraints: [
    'primary key (appeal, claimant, way)',
    'foreign key (appeal, sanction) references appeals (id, sanction)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
  ],
  indexes: {
    appeal_lots_drawn: '(appeal, way, lot)',
    appeal_lots_read: '(appeal) where read_at is not null',
  },
});

export type AppealLotsTable = RowOf<typeof appealLots>;
