import {
  challengeGrounds,
  confirmedCauses,
  decidedCauses,
  inspectionOutcomes,
  inspectionReasons,
  type PanelKind,
  panelKinds,
  panelOutcomes,
  panelRules,
} from '@recourse/protocol';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';

const perKind = (value: (kind: PanelKind) => string | number): string =>
  `case kind ${panelKinds.map((kind) => `when '${kind}' then ${value(kind)}`).join(' ')} end`;

/** A decision of the panel about a party that is no appeal of a creator. */
export const panelItems = defineTable('panel_items', {
  keep: {
    why: 'what the panel was asked, and decided',
    form: 'clear; opaque ids',
    life: 'remains',
  },
  columns: (row) => ({
    id: row.fixed(`text primary key check (id ~ '^itm_[0-9a-z]{26}$')`),
    kind: row.fixed('text not null', oneOf(panelKinds)),
    /** Whom it is about */
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    /** Of a challenge */
    sanction: row.fixed('text references sanctions'),
    /** Of an appeal against a suspension: the item that suspended */
    about: row.fixed('text references panel_items'),
    votes: row.fixed(
      `integer not null check (votes = ${perKind((kind) => panelRules[kind].votes)})`,
      typed<1 | 2 | 3>(),
    ),
    opened_at: row.fixed('timestamptz not null'),
    due_at: row.fixed('timestamptz not null'),
    closed_at: row.changing('timestamptz'),
    closed_by: row.changing('text', oneOf(['votes', 'deadline', 'end'])),
    /** None of a challenge whose record ended first */
    outcome: row.changing('text', oneOf(panelOutcomes)),
  }),
  constraints: [
    'unique (id, party)',
    'unique (id, sanction)',
    'foreign key (about, party) references panel_items (id, party)',
    `check ((sanction is not null) = (kind = 'challenge'))`,
    `check ((about is not null) = (kind = 'suspension-appeal'))`,
    'check (opened_at < due_at)',
    `constraint panel_items_outcome_of_kind check (outcome in (
        ${perKind((kind) => `'${panelRules[kind].harsher}'`)},
        ${perKind((kind) => `'${panelRules[kind].milder}'`)}))`,
    'check (num_nonnulls(closed_at, closed_by) in (0, 2))',
    'check (closed_by is not null or outcome is null)',
  ],
  indexes: {
    // Asked once at a time.
    panel_items_one_open: `unique (party) where closed_at is null and kind in ('party-suspension', 'inquiry')`,
    panel_items_one_speech: `unique (party) where closed_at is null and kind = 'speech'`,
    panel_items_one_strikes: `unique (party) where closed_at is null and kind = 'strikes'`,
    // Each count asks what was struck: of all items these are few.
    panel_items_struck: `(closed_at) where kind = 'strikes' and outcome = 'strike'`,
    // A registration is decided on once.
    panel_items_one_admission: `unique (party) where kind = 'admission'`,
    // What group a party belongs to, once at a time.
    panel_items_one_group: `unique (party) where closed_at is null and kind = 'group'`,
    // A suspension is appealed once.
    panel_items_appealed_once: 'unique (about) where about is not null',
    panel_items_open: '(due_at) where closed_at is null',
    panel_items_of_party: '(party, opened_at)',
  },
});

export type PanelItemsTable = RowOf<typeof panelItems>;

/** A vote that nobody is told before all are in. */
export const panelVotes = defineTable('panel_votes', {
  keep: {
    reasons: {
      why: 'why a reviewer voted so',
      form: 'sealed where it is about a record',
      // With the case of the record that it is about: see `eraseFunctions`.
      life: 'texts',
    },
    row: { why: 'how each reviewer voted, signed', form: 'clear; opaque ids', life: 'remains' },
  },
  columns: ({ reasons, row }) => ({
    item: row.fixed('text not null references panel_items'),
    holder: row.fixed('text not null references holders'),
    kid: row.fixed('text not null references keys'),
    outcome: row.fixed('text not null', oneOf(panelOutcomes)),
    artefact: row.fixed('text not null'),
    /** Of a challenge sealed under the key of the case; none where only the log tells of the vote */
    reasons: reasons.fixed('bytea'),
    /** Cases that should not count; none where only the log tells of the vote */
    strikes: row.fixed(`text[] not null default '{}'`),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: [
    // A reviewer votes once.
    'primary key (item, holder)',
    `constraint panel_votes_strikes check (strikes = '{}' or outcome = 'strike')`,
  ],
});

export type PanelVotesTable = RowOf<typeof panelVotes>;

/** A platform says that an identifier of a record changed hands. */
export const challenges = defineTable('challenges', {
  keep: {
    why: "who says since when that an identifier is somebody else's",
    form: 'clear; opaque ids, no identifier',
    life: 'remains',
  },
  columns: (row) => ({
    item: row.fixed('text primary key'),
    sanction: row.fixed('text not null'),
    position: row.fixed('integer not null check (position between 0 and 7)'),
    by_party: row.fixed(`text not null references parties check (by_party ~ '^plt_')`),
    ground: row.fixed('text not null', oneOf(challengeGrounds)),
    /** Since when the identifier is somebody else's */
    changed_at: row.fixed('timestamptz not null'),
    at: row.fixed('timestamptz not null'),
    closed_at: row.changing('timestamptz'),
  }),
  constraints: [
    'foreign key (item, sanction) references panel_items (id, sanction)',
    'check (changed_at <= at)',
  ],
  indexes: {
    // Asked once at a time.
    challenges_one_open: 'unique (sanction, position) where closed_at is null',
  },
});

export type ChallengesTable = RowOf<typeof challenges>;

/** What was drawn of a party in a quarter, once. */
export const inspectionDraws = defineTable('inspection_draws', {
  keep: {
    why: 'which records the ledger drew',
    form: 'clear; ids and commitments',
    life: 'remains',
  },
  columns: (row) => ({
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    quarter: row.fixed(`text not null check (quarter ~ '^[0-9]{4}-Q[1-4]$')`),
    /** Of the checkpoint that seeds it */
    size: row.fixed('bigint not null'),
    root: row.fixed('text not null'),
    eligible: row.fixed('integer not null'),
    drawn: row.fixed('integer not null check (drawn between 0 and eligible)'),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: ['primary key (party, quarter)'],
});

export type InspectionDrawsTable = RowOf<typeof inspectionDraws>;

/** The examination of one record. */
export const inspections = defineTable('inspections', {
  keep: {
    why: 'why a record is examined, until when, and what came of it',
    form: 'clear; opaque ids',
    life: 'remains',
  },
  columns: (row) => ({
    /** An id says what may be decided, and by how many. */
    id: row.fixed(`text primary key constraint inspections_id check (id ~ '^itm_[0-9a-z]{26}$')`),
    sanction: row.fixed('text not null'),
    why: row.fixed('text not null', oneOf(inspectionReasons)),
    /** Whose decision is made again */
    appeal: row.fixed('text'),
    opened_at: row.fixed('timestamptz not null'),
    due_at: row.fixed('timestamptz not null check (opened_at < due_at)'),
    /** Of a relay: what became of the record before, and who decided about that one, who may not look at this one */
    after_outcome: row.fixed('text', oneOf(['reversed', 'finding'])),
    after_cause: row.fixed('text', oneOf(decidedCauses)),
    deciders: row.fixed(`text[] not null default '{}'`),
    /** Of a re-examination: the item that suspended its party. Unexamined at `due_at`, its record answers with less */
    suspension: row.fixed('text references panel_items'),
    /** None while nobody has a key to seal evidence to, and none once all is delivered */
    evidence_due_at: row.changing('timestamptz'),
    evidence_confirmed_at: row.changing('timestamptz'),
    closed_at: row.changing('timestamptz'),
    closed_as: row.changing(
      'text',
      oneOf(['decided', 'undecided', 'undelivered', 'ended', 'lifted']),
    ),
    outcome: row.changing('text', oneOf(inspectionOutcomes)),
    /** The cause of the reversal, where this reviewer named the same */
    cause: row.changing('text', oneOf(confirmedCauses)),
  }),
  constraints: [
    'foreign key (id, sanction) references reviews (id, sanction)',
    'foreign key (appeal, sanction) references appeals (id, sanction)',
    `check ((why in ('decision', 'cause')) = (appeal is not null))`,
    `check ((why = 're-examination') = (suspension is not null))`,
    `constraint inspections_after check (why = 'relay'
      or num_nonnulls(after_outcome, after_cause) = 0 and deciders = '{}')`,
    // Time alone passes none.
    `constraint inspections_relay check (why <> 'relay'
      or closed_as is null or closed_as in ('decided', 'undelivered', 'ended'))`,
    'check ((closed_at is null) = (closed_as is null))',
    'check (closed_at is null or evidence_due_at is null)',
    `constraint inspections_outcome check (case closed_as
        when 'decided' then outcome is not null
        when 'undelivered' then outcome is not distinct from 'failed'
        when 'ended' then outcome is distinct from 'passed'
        else outcome is null end)`,
    `constraint inspections_cause check (cause is null
        or (why = 'cause' and closed_as = 'decided' and outcome = 'failed'))`,
  ],
  indexes: {
    // Examined once at a time; who confirms a cause decides nothing of the record.
    inspections_open: `unique (sanction) where closed_at is null and why <> 'cause'`,
    inspections_one_drawn: `unique (appeal) where why = 'decision'`,
    inspections_one_cause: `unique (appeal) where why = 'cause'`,
    inspections_confirmed: '(closed_at) where cause is not null',
    inspections_of_appeal: '(appeal) where appeal is not null',
    inspections_of_sanction: '(sanction)',
    inspections_one_complaint: `unique (sanction) where why = 'home-reversal'`,
    inspections_complaint_due: `(evidence_due_at) where closed_at is null and why = 'home-reversal'`,
    inspections_due: `(due_at) where closed_at is null and suspension is null and why <> 'relay'`,
    inspections_of_suspension: '(suspension) where closed_at is null and suspension is not null',
    inspections_failed: `(closed_at) where outcome = 'failed'`,
  },
});

export type InspectionsTable = RowOf<typeof inspections>;

/** The newest warning of a party. */
export const partyWarnings = defineTable('party_warnings', {
  keep: {
    why: 'that a platform was warned, and by what figures',
    form: 'clear, public',
    life: 'party',
  },
  columns: (row) => ({
    party: row.fixed(`text primary key references parties check (party ~ '^plt_')`),
    decided: row.changing('integer not null check (decided >= 0)'),
    reversed: row.changing('integer not null check (reversed between 0 and decided)'),
    at: row.changing('timestamptz not null'),
  }),
});

/** A cause for which a party's submissions are suspended; `parties.submissions_suspended` says that there is one. */
export const partySuspensions = defineTable('party_suspensions', {
  keep: { why: 'why a platform records nothing', form: 'clear, public', life: 'party' },
  columns: (row) => ({
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    cause: row.fixed(`text not null check (cause ~ '^[a-z-]{1,40}$')`),
    since: row.fixed('timestamptz not null'),
    /** What the panel decided, and what it decided on appeal */
    item: row.fixed('text'),
    lifted_at: row.changing('timestamptz'),
    lifted_by: row.changing('text'),
  }),
  constraints: [
    'primary key (party, cause, since)',
    'foreign key (item, party) references panel_items (id, party)',
    'foreign key (lifted_by, party) references panel_items (id, party)',
    `check ((item is not null) = (cause in ('error-rate', 'inquiry', 'speech')))`,
    'check (lifted_by is null or lifted_at is not null)',
    'check (lifted_at >= since)',
  ],
  indexes: { party_suspensions_open: 'unique (party, cause) where lifted_at is null' },
});

export type PartySuspensionsTable = RowOf<typeof partySuspensions>;
