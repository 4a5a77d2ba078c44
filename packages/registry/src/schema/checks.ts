import {
  alarmExplanations,
  answersByQuestion,
  checkAlarms,
  type InquiryAnswer,
  inquiryQuestions,
  toldPurposes,
  type ToldPurpose,
} from '@recourse/protocol';
import type { ColumnType } from 'kysely';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';
import { quoted } from './quoted.ts';

const answered = inquiryQuestions
  .map((asks) => `when '${asks}' then answer in (${quoted(answersByQuestion[asks])})`)
  .join(' ');

export const checks = defineTable('checks', {
  keep: {
    row: {
      why: 'ties a match to an evaluation; the `ref` of a check goes with the last case that it matched',
      form: 'clear; nothing of whom',
      life: 'checks',
    },
    asked: {
      why: 'that no more tokens are asked under a check than it evaluated',
      form: '32 bits of a keyed hash of check and token',
      life: 'asked',
    },
  },
  columns: ({ row, asked }) => ({
    id: row.fixed(`text primary key check (id ~ '^chk_[0-9a-z]{26}$')`),
    party: row.fixed('text not null references parties'),
    purpose: row.fixed('text not null', oneOf(toldPurposes)),
    elements: row.fixed('integer not null'),
    proven_at: row.fixed('timestamptz'),
    ref: row.fixed('text'),
    at: row.fixed('timestamptz not null'),
    /** Identifiers in the published set that it asked about, and that no record answered */
    empty: row.changing('integer not null default 0 check (empty between 0 and elements)'),
    epochs: row.fixed('smallint not null default 1 check (epochs in (1, 2))'),
    /** Marks of the tokens that were asked under it; {} once they were forgotten */
    asked: asked.changing('integer[]'),
    /** Its time is over, and it stays with its match: nobody looks at it again */
    kept: row.changing('boolean not null default false'),
  }),
  constraints: [
    'constraint checks_asked_evaluated check (cardinality(asked) <= elements * epochs)',
  ],
  indexes: {
    checks_asked: `(at) where asked <> '{}'`,
    checks_at: '(at) where not kept',
  },
  may: 'delete',
});

/** Meters of a platform: the elements that it used of its bucket, and the windows that its alarms are judged by. */
export const checkMeters = defineTable('check_meters', {
  keep: {
    why: 'what a platform used of its quota, and how often it asked in vain',
    form: 'counts; no creator',
    life: 'operation',
  },
  columns: (row) => ({
    party: row.fixed(`text primary key references parties check (party ~ '^plt_')`),
    bucket: row.changing('integer not null check (bucket >= 0)'),
    spent: row.changing('float8 not null check (spent >= 0)'),
    surplus: row.changing('float8 not null check (surplus >= 0)'),
    at: row.changing('timestamptz not null'),
    open_elements: row.changing('integer not null default 0'),
    open_expected: row.changing('float8 not null default 0'),
    open_empty: row.changing('integer not null default 0'),
    closed_elements: row.changing('integer not null default 0'),
    closed_expected: row.changing('float8 not null default 0'),
    closed_empty: row.changing('integer not null default 0'),
    closed_at: row.changing('timestamptz'),
  }),
  storage: 'with (fillfactor = 50)',
});

/** A keyed hash of each token of a check that matched: a record on any of them is derived. */
export const checkedSubjects = defineTable('checked_subjects', {
  keep: {
    why: 'what a check that matched was about: a record on any of it follows what its platform was told',
    form: 'keyed hash of the token',
    // With a record about it: see `eraseFunctions`.
    life: 'checked',
  },
  columns: (row) => ({
    check_id: row.fixed('text not null references checks'),
    lookup: row.fixed('bytea not null check (octet_length(lookup) = 32)'),
  }),
  constraints: ['primary key (check_id, lookup)'],
  indexes: { checked_subjects_of: '(lookup)' },
  may: 'delete',
});

/** Disclosures of a version of a sanction to a platform: it is owed a recall for them. */
export const disclosures = defineTable('disclosures', {
  keep: { why: 'who is owed a recall', form: 'clear', life: 'remains' },
  columns: (row) => ({
    sanction: row.fixed('text not null references sanctions'),
    version: row.fixed('integer not null'),
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: ['primary key (sanction, version, party)'],
});

export type DisclosuresTable = RowOf<typeof disclosures>;

/** One sanction disclosed to one platform by one check. */
export const matches = defineTable('matches', {
  keep: {
    ref: { why: "the told platform's own case id", form: 'clear', life: 'case', goes: 'null' },
    row: { why: 'what a platform was told and did', form: 'clear', life: 'remains' },
  },
  columns: ({ ref, row }) => ({
    id: row.fixed(`text primary key check (id ~ '^mat_[0-9a-z]{26}$')`),
    check_id: row.fixed('text not null references checks'),
    party: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    version: row.fixed('integer not null'),
    purpose: row.fixed('text not null', typed<ToldPurpose>()),
    /** The platform's own case id */
    ref: ref.changing('text'),
    /** The advice of this answer about it: `review` needs an identifier that a notice was delivered to */
    advice: row.changing(
      `text not null default 'verify-identity'`,
      oneOf(['review', 'verify-identity']),
    ),
    /** The places of the subjects that it was asked about */
    positions: row.fixed(`integer[] not null default '{}'`),
    told_at: row.fixed('timestamptz not null'),
    /** When its outcome is due; whoever vouched owes none */
    due_at: row.fixed('timestamptz'),
    outcome: row.changing(
      'text',
      oneOf(['pending', 'admitted', 'admitted-with-safeguards', 'refused']),
    ),
    outcome_at: row.changing('timestamptz'),
    reviewed_at: row.changing('timestamptz'),
    notice_sent_at: row.changing('timestamptz'),
    /** When its platform was reminded that the outcome is owed */
    reminded_at: row.changing('timestamptz'),
  }),
  constraints: [
    `constraint matches_owe check (case purpose when 'vouching'
        then num_nonnulls(due_at, outcome, reminded_at) = 0 else due_at is not null end)`,
    'unique (check_id, sanction, version)',
    'unique (id, sanction, party)',
    // No match without the disclosure that a recall is owed for.
    `constraint matches_disclosed
        foreign key (sanction, version, party) references disclosures (sanction, version, party)`,
    // Nobody is refused on a match that may be of somebody else, or that nobody was told of.
    `constraint matches_refusal_of_review check (outcome is distinct from 'refused' or advice is not distinct from 'review')`,
    // A refusal is a person's review, later than the match, and told to the creator.
    `constraint matches_refusal_reviewed check (outcome is null or outcome in ('pending', 'admitted') or
        (reviewed_at is not null and notice_sent_at is not null and outcome_at is not null and
          reviewed_at between told_at + interval '10 minutes' and outcome_at and
          notice_sent_at between told_at and outcome_at))`,
  ],
  indexes: {
    matches_owed: `(party, told_at) where (outcome is null or outcome = 'pending') and due_at is not null`,
    matches_unreminded: `(due_at) where (outcome is null or outcome = 'pending') and reminded_at is null`,
    matches_of_sanction: '(sanction, party)',
    matches_of_check: '(check_id)',
  },
});

/** Questions to the submitter of a record, each by a platform that was told of it. */
export const inquiries = defineTable('inquiries', {
  keep: {
    why: 'what platforms asked each other about a record',
    form: 'clear; codes of closed lists',
    life: 'remains',
  },
  columns: (row) => ({
    id: row.fixed(`text primary key check (id ~ '^qst_[0-9a-z]{26}$')`),
    match: row.fixed('text not null references matches'),
    sanction: row.fixed('text not null references sanctions'),
    /** The platform that asks */
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    asks: row.fixed('text not null', oneOf(inquiryQuestions)),
    asked_at: row.fixed('timestamptz not null'),
    due_at: row.fixed('timestamptz not null check (due_at > asked_at)'),
    answer: row.changing('text', typed<InquiryAnswer>()),
    answered_at: row.changing('timestamptz check (answered_at >= asked_at)'),
  }),
  constraints: [
    // Each question once a match
    'unique (match, asks)',
    'foreign key (match, sanction, party) references matches (id, sanction, party)',
    'check ((answer is null) = (answered_at is null))',
    `check (answer is null or case asks ${answered} end)`,
  ],
  indexes: { inquiries_of_sanction: '(sanction)', inquiries_of_party: '(party, id)' },
});

export type InquiriesTable = RowOf<typeof inquiries>;

export const alarms = defineTable('alarms', {
  keep: {
    why: 'what was out of the ordinary, whose checks it stopped, and what it was',
    form: 'counts; no creator',
    life: 'operation',
  },
  columns: (row) => ({
    id: row.fixed('text primary key'),
    kind: row.fixed(`text not null check (kind ~ '^[a-z-]{1,40}$')`),
    counts: row.fixed(
      'jsonb not null',
      typed<ColumnType<Record<string, number>, Record<string, number>, never>>(),
    ),
    at: row.fixed('timestamptz not null'),
    /** Whose checks it stopped, until operators said what it was */
    party: row.fixed(
      `text references parties check (party is null or kind in (${quoted(checkAlarms)}))`,
    ),
    explained_at: row.changing('timestamptz'),
    explained: row.changing('text', oneOf(alarmExplanations)),
  }),
  constraints: [
    `constraint alarms_explained check (num_nulls(explained_at, explained) in (0, 2)
        and (explained is null or party is not null))`,
  ],
  indexes: {
    alarms_open: '(party) where party is not null and explained_at is null',
    alarms_newest: '(at, id)',
  },
});

export type AlarmsTable = RowOf<typeof alarms>;
