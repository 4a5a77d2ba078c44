import {
  type Json,
  type ObjectionGround,
  objectionGrounds,
  type ReasonCode,
  reasonCodes,
  type Registration,
  type Role,
} from '@recourse/protocol';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';
import { quoted } from './quoted.ts';

/** One row a party. Platforms have a registration; the panel and the operator do not. */
export const parties = defineTable('parties', {
  keep: {
    why: 'name, domain, owners above 10 % by name, contacts, policies, flags and limits: published at `/parties`',
    form: 'clear, public',
    life: 'party',
  },
  columns: (row) => ({
    id: row.fixed(
      `text primary key check (id in ('panel', 'operator') or id ~ '^plt_[0-9a-z]{26}$')`,
    ),
    kind: row.fixed(
      `text not null check (kind = case when id in ('panel', 'operator') then id else 'platform' end)`,
      typed<'platform' | 'panel' | 'operator'>(),
    ),
    name: row.fixed('text not null'),
    registration: row.changing('jsonb', typed<Registration>()),
    enrolment_kid: row.changing('text'),
    registered_at: row.fixed('timestamptz not null'),
    /** Open to objection until then; none of the panel and the operator */
    objections_until: row.fixed('timestamptz'),
    /** It checks and submits from here on; none while an objection waits, or was upheld */
    active_from: row.changing('timestamptz check (active_from >= objections_until)'),
    probation_until: row.changing('timestamptz check (probation_until >= active_from)'),
    left_at: row.changing('timestamptz'),
    submissions_suspended: row.changing('boolean not null default false'),
    checks_stopped: row.changing('boolean not null default false'),
    submissions_per_day: row.changing('integer check (submissions_per_day >= 0)'),
    elements_per_day: row.changing('integer check (elements_per_day >= 0)'),
    /** Reasons that name a criminal offence and were enabled for this platform */
    enabled_reasons: row.changing(`text[] not null default '{}'`, typed<ReasonCode[]>()),
  }),
  constraints: [
    // A platform is registered; a body owned or directed by a state is no platform.
    `check ((kind = 'platform') = (registration is not null))`,
    'check (num_nulls(active_from, probation_until) in (0, 2))',
    `constraint parties_no_state_body
        check (registration is null or registration -> 'stateOwned' is not distinct from 'false'::jsonb)`,
  ],
  indexes: { parties_domain: `unique ((registration ->> 'domain'))` },
});

export type PartiesTable = RowOf<typeof parties>;

/** Parts of a bucket of submissions that operators set: calls at once take from several, and wait for no row. */
export const submissionParts = defineTable('submission_parts', {
  keep: {
    why: 'how many records a platform submitted in the last hours, against its bucket',
    form: 'counts by the hour; no creator',
    life: 'operation',
  },
  columns: (row) => ({
    party: row.fixed('text not null references parties'),
    part: row.fixed('integer not null'),
    /** Hour of the last submission, from 1970 on */
    hour: row.changing('integer not null'),
    /** Submissions of that hour, which comes last, and of the 24 before it */
    spent: row.changing('integer[] not null check (cardinality(spent) = 25)'),
  }),
  constraints: ['primary key (party, part)'],
});

/** A group that a party is in, or was. */
export const partyGroups = defineTable('party_groups', {
  keep: { why: 'which companies are one, and were', form: 'clear, public', life: 'party' },
  columns: (row) => ({
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    group_name: row.fixed(`text not null check (group_name ~ '^[a-z0-9-]{1,40}$')`),
    since: row.fixed('timestamptz not null'),
    until: row.changing('timestamptz check (until >= since)'),
    /** The platform that objected that it was not disclosed */
    by_party: row.fixed('text references parties check (by_party <> party)'),
    /** The item that the panel was asked then */
    item: row.fixed('text unique'),
  }),
  constraints: [
    'primary key (party, group_name, since)',
    'foreign key (item, party) references panel_items (id, party)',
    'check (num_nulls(by_party, item) in (0, 2))',
  ],
  indexes: { party_groups_of: '(group_name)' },
});

export type PartyGroupsTable = RowOf<typeof partyGroups>;

/** Objections to a registration, made within its window. */
export const objections = defineTable('objections', {
  keep: { why: 'who objected to a registration', form: 'clear, public', life: 'party' },
  columns: (row) => ({
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    by_party: row.fixed(`text not null references parties check (by_party ~ '^plt_')`),
    /** The objection that a group was not disclosed is in party_groups */
    ground: row.fixed(
      `text not null check (ground in (${quoted(objectionGrounds)}) and ground <> 'group-undisclosed')`,
      typed<ObjectionGround>(),
    ),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: ['primary key (party, by_party)', 'check (by_party <> party)'],
});

export type ObjectionsTable = RowOf<typeof objections>;

/** Decisions of the panel about parties that were objected to. */
export const admissions = defineTable('admissions', {
  keep: { why: 'what the panel decided of it', form: 'clear, public', life: 'party' },
  columns: (row) => ({
    party: row.fixed('text primary key references parties'),
    outcome: row.fixed('text not null', oneOf(['admitted', 'refused'])),
    at: row.fixed('timestamptz not null'),
    /** The item that the panel was asked */
    item: row.fixed('text not null unique'),
  }),
  constraints: ['foreign key (item, party) references panel_items (id, party)'],
});

export type AdmissionsTable = RowOf<typeof admissions>;

/** Platforms whose cases a reviewer may not decide. */
export const affiliations = defineTable('affiliations', {
  keep: {
    why: 'bars a reviewer from a case',
    form: 'clear, public in `reviewer-added`',
    life: 'party',
  },
  columns: (row) => ({
    holder: row.fixed('text not null references holders'),
    party: row.fixed('text not null references parties'),
    until: row.fixed('timestamptz'),
  }),
  constraints: ['primary key (holder, party)'],
});

export const holders = defineTable('holders', {
  keep: {
    why: 'binds rules to a person; what a reviewer reads, and takes no cases of',
    form: 'clear; an opaque id, no name anywhere',
    life: 'party',
  },
  columns: (row) => ({
    id: row.fixed(`text primary key check (id ~ '^hld_[0-9a-z]{26}$')`),
    party: row.fixed('text not null references parties'),
    term_until: row.changing('timestamptz'),
    removed_at: row.changing('timestamptz'),
    /** From then on the cases that a reviewer gave back or let lapse are counted anew */
    excused_at: row.changing('timestamptz'),
    /** The languages of a reviewer, as the invitation published them; nobody changes them */
    languages: row.fixed(`text[] not null default '{}'`),
    /** Codes whose cases they are not assigned */
    opt_out: row.fixed(`text[] not null default '{}'`, typed<ReasonCode[]>()),
  }),
  constraints: [
    'unique (id, party)',
    `constraint holders_opt_out
        check (cardinality(opt_out) <= 9 and opt_out <@ array[${quoted(reasonCodes)}])`,
    `check (party = 'panel' or (languages = '{}' and opt_out = '{}'))`,
  ],
  indexes: { holders_of_panel: `(id) where party = 'panel' and removed_at is null` },
});

export const invites = defineTable('invites', {
  keep: { why: 'redeems an invite once', form: 'hash of a random code', life: 'invites' },
  columns: (row) => ({
    /** H of the one-time code */
    code_hash: row.fixed('text primary key'),
    id: row.fixed('text not null unique'),
    party: row.fixed('text not null references parties'),
    holder: row.fixed('text not null'),
    role: row.fixed('text not null', typed<Role>()),
    admin: row.fixed('boolean not null'),
    created_at: row.fixed('timestamptz not null'),
    expires_at: row.fixed('timestamptz not null'),
    redeemed_at: row.changing('timestamptz'),
  }),
  constraints: ['foreign key (holder, party) references holders (id, party)'],
  may: 'delete',
});

export type InvitesTable = RowOf<typeof invites>;

/** An act of two operator holders. */
export const proposals = defineTable('proposals', {
  keep: { why: 'two people for one act', form: 'clear; opaque ids, a hash', life: 'party' },
  columns: (row) => ({
    id: row.fixed('text primary key'),
    op: row.fixed('text not null'),
    input_hash: row.fixed('text not null'),
    proposed_by: row.fixed('text not null references holders'),
    proposed_at: row.fixed('timestamptz not null'),
    execute_before: row.fixed('timestamptz not null'),
    executed_by: row.changing('text references holders'),
    executed_at: row.changing('timestamptz'),
  }),
  constraints: [
    'check ((executed_by is null) = (executed_at is null))',
    // Two people, whatever keys they hold.
    'constraint proposals_two_people check (executed_by is distinct from proposed_by)',
    'check (executed_at is null or executed_at <= execute_before)',
  ],
  indexes: { proposals_open: '(op, input_hash) where executed_at is null' },
});

export type ProposalsTable = RowOf<typeof proposals>;

/** The input of a proposal that waits, for the operator who countersigns; an executed one has none. */
export const proposedInputs = defineTable('proposed_inputs', {
  keep: {
    why: 'another operator reads what they would sign',
    form: 'clear; the input of the call, which holds no creator beyond the id of a record',
    life: 'proposed',
  },
  columns: (row) => ({
    proposal: row.fixed('text primary key references proposals'),
    input: row.fixed('jsonb not null', typed<Readonly<Record<string, Json>>>()),
    expires_at: row.fixed('timestamptz not null'),
  }),
  may: 'delete',
});

export type ProposedInputsTable = RowOf<typeof proposedInputs>;

/** Sitting reviewers who signed for a new one: two people, and not the new one. */
export const countersignatures = defineTable('countersignatures', {
  keep: {
    why: 'who signed for a seat of the panel',
    form: 'clear, public in `reviewer-added`',
    life: 'party',
  },
  columns: (row) => ({
    holder: row.fixed('text not null references holders'),
    by_holder: row.fixed('text not null references holders check (by_holder <> holder)'),
    kid: row.fixed('text not null references keys'),
    statement: row.fixed('text not null'),
  }),
  constraints: ['primary key (holder, by_holder)'],
});
