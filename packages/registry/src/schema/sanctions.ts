import { type ReasonCode, reasonCodes, reasons } from '@recourse/protocol';
import type { ColumnType } from 'kysely';
import { monthsAfterIncident } from './code-functions.ts';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';
import { quoted } from './quoted.ts';

const minorCodes = reasonCodes.filter((code) => reasons[code].minorAllowed);

/** A record about one creator and one act. Its state is computed from its dates. */
export const sanctions = defineTable('sanctions', {
  keep: {
    account: {
      why: 'what was done, for creator and reviewer',
      form: 'sealed',
      life: 'texts',
      goes: `''`,
    },
    returned: {
      why: 'why a draft was given back, for its author',
      form: 'sealed',
      life: 'texts',
      goes: 'null',
    },
    statement: {
      why: 'signed; shown to whoever matches; no identifier in it',
      form: 'clear',
      life: 'case',
      goes: `''`,
    },
    commitments: {
      why: 'the eight leaves, for the path of a match',
      form: 'salted hashes',
      life: 'case',
      goes: `'{}'`,
    },
    pointer: {
      why: "the platform's own case id; the record that was evaded; the signed decision that amended it; a hash of its evidence",
      form: 'clear',
      life: 'case',
      goes: 'null',
    },
    row: {
      why: 'the bare record: by whom, why, and when what became of it',
      form: 'clear; opaque ids',
      life: 'remains',
    },
  },
  columns: ({ account, returned, statement, commitments, pointer, row }) => ({
    id: row.fixed(`text primary key check (id ~ '^snc_[0-9a-z]{26}$')`),
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    /** The trust key and holder that signed the statement */
    kid: row.fixed('text not null references keys'),
    holder: row.fixed('text not null'),
    statement: statement.fixed('text not null'),
    reason: row.fixed('text not null check (is_reason(reason))', typed<ReasonCode>()),
    age: row.fixed('text not null', oneOf(['adult', 'unknown', 'minor'])),
    decided_at: row.fixed('timestamptz not null'),
    incident_from: row.fixed('timestamptz not null'),
    incident_to: row.fixed('timestamptz not null'),
    expires_at: row.fixed('timestamptz not null'),
    /** Drafts wait for a second trust holder until `draft_lapses_at`; they answer nothing */
    drafted_at: row.fixed('timestamptz'),
    draft_lapses_at: row.changing('timestamptz'),
    /** The holder who gave the draft back, and the reason, sealed under the case key: it has lapsed since */
    returned_by: row.changing('text'),
    returned: returned.changing('bytea'),
    submitted_at: row.changing('timestamptz'),
    notice_due_at: row.changing('timestamptz'),
    /** When its submitter says that it told the creator itself */
    stated_at: row.changing('timestamptz'),
    /** The first notice, of either kind */
    notified_at: row.changing('timestamptz'),
    /** From when identifiers that no notice reached answer `verify-identity` */
    others_from: row.changing('timestamptz'),
    /** From when any of its identifiers answers */
    visible_from: row.changing('timestamptz'),
    version: row.changing('integer not null default 1'),
    prior_match: row.changing('boolean not null'),
    /** Its own platform's, and of the one reason that names one */
    evades: pointer.fixed('text'),
    ref: pointer.fixed('text'),
    /** The eight leaf commitments of the subject tree, base64url */
    commitments: commitments.fixed('text[] not null'),
    /** Hash of the evidence that meets the floor of its reason */
    proof: pointer.fixed(
      'text',
      typed<ColumnType<string | null, string | null | undefined, never>>(),
    ),
    /** The epoch of the newest tokens of its subjects: it ends with that epoch, if they are made under no newer one */
    epoch: row.changing('integer not null default 1'),
    /** The account of facts and its salt, sealed under the case key */
    account: account.fixed('bytea not null'),
    /** An amendment's values, and the decision that made it. It shortens and lessens, and never lengthens. */
    amended_until: row.changing(
      'timestamptz constraint sanctions_amendment_shortens check (amended_until <= expires_at)',
    ),
    amended_reason: row.changing('text check (is_reason(amended_reason))', typed<ReasonCode>()),
    amendment: pointer.changing('text'),
    /** About an act from before a reversal of another group's record on one of its tokens: held for 7 d */
    relayed: row.changing('boolean not null default false'),
    /** Submitted while too many appeals on its group's records waited, and until when it was held for that */
    backlogged: row.changing('boolean not null default false'),
    backlog_over_at: row.changing('timestamptz check (backlog_over_at is null or backlogged)'),
    /** When the panel confirmed it, after its submitter left: it does not end with the membership */
    confirmed_at: row.changing('timestamptz'),
    /** The history says `visible`, and `ended`: the scheduler looks for what it does not say yet */
    visible_recorded: row.changing('boolean not null default false'),
    end_recorded: row.changing('boolean not null default false'),
    /**
     * As in the row of its end: a submission looks for what ended since its incident began, and reads no older ends
     */
    ended_early_at: row.changing('timestamptz'),
    /**
     * When the first step of its own rows falls due that its history does not show: wakes the scheduler, and decides
     * nothing
     */
    next_at: row.changing('timestamptz'),
    /** Words, tokens, salts and kept bytes are gone; what is erased is empty */
    texts_erased_at: row.fixed('timestamptz'),
    /** So is the key of the case, with everything else of it */
    erased_at: row.fixed('timestamptz'),
    /** Leaf hash of its `erased` entry; a draft has none */
    erased_leaf: row.fixed('bytea check (octet_length(erased_leaf) = 32)'),
  }),
  constraints: [
    'unique (id, party)',
    'foreign key (evades, party) references sanctions (id, party)',
    'check (cardinality(commitments) = case when erased_at is null then 8 else 0 end)',
    `check ((erased_at is null) = (statement <> ''))`,
    'check ((texts_erased_at is null) = (octet_length(account) > 0))',
    'check (erased_at is null or texts_erased_at is not null)',
    'check (erased_at is null or num_nonnulls(ref, evades, amendment) = 0)',
    `constraint sanctions_evades check (
        erased_at is not null or (evades is null) = (reason <> 'network.ban-evasion'))`,
    'check ((erased_leaf is not null) = (erased_at is not null and submitted_at is not null))',
    'check (incident_from <= incident_to and incident_to <= decided_at)',
    `constraint sanctions_longest_life check (
        expires_at <= ${monthsAfterIncident('coalesce(longest_life_months(reason), 60)')})`,
    `constraint sanctions_minors check (age <> 'minor' or (reason in (${quoted(minorCodes)}) and expires_at <= ${monthsAfterIncident(12)}))`,
    // Nothing answers a check before notice, and nothing is noticed before it is submitted.
    `constraint sanctions_hidden_without_notice check (
        (notified_at is null) = (others_from is null) and (notified_at is null) = (visible_from is null))`,
    'constraint sanctions_drafts_unnoticed check (notified_at is null or submitted_at is not null)',
    `constraint sanctions_visible_after_notice
        check (visible_from between notified_at and others_from)`,
    'check (submitted_at is not null or drafted_at is not null)',
    `constraint sanctions_returned_drafts check (
        returned_by is null or (drafted_at is not null and submitted_at is null))`,
    'check (returned is null or returned_by is not null)',
    `check (erased_at is not null or amendment is not null
        or (amended_until is null and amended_reason is null))`,
  ],
  indexes: {
    sanctions_proof_of: '(proof) where proof is not null',
    sanctions_of_party: '(party, id)',
    sanctions_of_ref: '(party, ref) where ref is not null',
    sanctions_of_key: '(kid)',
    sanctions_of_epoch: '(party, epoch)',
    sanctions_ended_early:
      '(party, reason, epoch, ended_early_at) where ended_early_at is not null and texts_erased_at is null',
    sanctions_unended: '(party, reason, epoch) where not end_recorded',
    sanctions_submitted: '(party, submitted_at, id)',
    sanctions_evading: '(evades) where evades is not null',
    sanctions_backlogged:
      '(party) where backlogged and backlog_over_at is null and not end_recorded',
    // What the scheduler looks for: it holds only what is still to come.
    sanctions_next: '(next_at) where next_at is not null',
    sanctions_to_retokenise:
      '(epoch, party, id) where submitted_at is not null and not end_recorded',
    sanctions_to_notify:
      '(notice_due_at) where submitted_at is not null and notified_at is null and not end_recorded',
    // By when it ended.
    sanctions_to_erase:
      '(coalesce(ended_early_at, amended_until, expires_at)) where end_recorded and erased_at is null',
  },
});

export type SanctionsTable = RowOf<typeof sanctions>;
