import { eventTypes, recallActions } from '@recourse/protocol';
import { quoted } from './quoted.ts';

export const checkTables = [
  `create table checks (
    id text primary key check (id ~ '^chk_[0-9a-z]{26}$'),
    party text not null references parties,
    purpose text not null check (purpose in
      ('signup', 'monetisation', 'payout-change', 'account-recovery', 'safety-review')),
    elements integer not null,
    proven_at timestamptz,
    ref text,
    at timestamptz not null,
    -- Identifiers in the published set that it asked about, and that no record answered
    empty integer not null default 0 check (empty between 0 and elements),
    epochs smallint not null default 1 check (epochs in (1, 2)),
    -- Marks of the tokens that were asked under it; {} once they were forgotten
    asked integer[],
    constraint checks_asked_evaluated check (cardinality(asked) <= elements * epochs)
  )`,
  `create index checks_asked on checks (at) where asked <> '{}'`,
  // What a platform used of its bucket, and the windows that its alarms are judged by.
  `create table check_meters (
    party text primary key references parties check (party ~ '^plt_'),
    bucket integer not null check (bucket >= 0),
    spent double precision not null check (spent >= 0),
    surplus double precision not null check (surplus >= 0),
    at timestamptz not null,
    open_elements integer not null default 0,
    open_expected double precision not null default 0,
    open_empty integer not null default 0,
    closed_elements integer not null default 0,
    closed_expected double precision not null default 0,
    closed_empty integer not null default 0,
    closed_at timestamptz
  ) with (fillfactor = 50)`,
  `create table disclosures (
    sanction text not null references sanctions,
    version integer not null,
    party text not null references parties check (party ~ '^plt_'),
    at timestamptz not null,
    primary key (sanction, version, party)
  )`,
  `create table matches (
    id text primary key check (id ~ '^mat_[0-9a-z]{26}$'),
    check_id text not null references checks,
    party text not null,
    sanction text not null,
    version integer not null,
    purpose text not null,
    -- The platform's own case id
    ref text,
    -- What this answer advised about it: \`review\` needs an identifier that a notice was delivered to
    advice text not null default 'verify-identity' check (advice in ('review', 'verify-identity')),
    -- Of the subjects that it was asked about
    positions integer[] not null default '{}',
    told_at timestamptz not null,
    due_at timestamptz not null,
    outcome text check (outcome in ('pending', 'admitted', 'admitted-with-safeguards', 'refused')),
    outcome_at timestamptz,
    reviewed_at timestamptz,
    notice_sent_at timestamptz,
    reminded_at timestamptz,
    unique (check_id, sanction, version),
    unique (id, sanction, party),
    -- No match without the disclosure that a recall is owed for.
    constraint matches_disclosed
      foreign key (sanction, version, party) references disclosures (sanction, version, party),
    -- Nobody is refused on a match that may be of somebody else, or that nobody was told of.
    constraint matches_refusal_of_review check (outcome is distinct from 'refused' or advice is not distinct from 'review'),
    -- A refusal is a person's review, later than the match, and told to the creator.
    constraint matches_refusal_reviewed check (outcome is null or outcome in ('pending', 'admitted') or
      (reviewed_at is not null and notice_sent_at is not null and outcome_at is not null and
        reviewed_at between told_at + interval '10 minutes' and outcome_at and
        notice_sent_at between told_at and outcome_at))
  )`,
  `create index matches_owed on matches (party, told_at) where outcome is null or outcome = 'pending'`,
  `create index matches_unreminded on matches (due_at)
    where (outcome is null or outcome = 'pending') and reminded_at is null`,
  `create index matches_of_sanction on matches (sanction, party)`,
  `create table recalls (
    id text primary key check (id ~ '^rcl_[0-9a-z]{26}$'),
    sanction text not null,
    version integer not null,
    party text not null,
    kind text not null check (kind in ('undo', 'pause', 'correct')),
    issued_at timestamptz not null,
    due_at timestamptz not null,
    -- Closed by its acknowledgement, or by the next recall of the same sanction for the same platform
    acknowledgement text check (acknowledgement = id),
    superseded_by text,
    overdue_at timestamptz,
    unique (sanction, version, party),
    unique (id, party),
    unique (id, sanction, party),
    foreign key (superseded_by, sanction, party) references recalls (id, sanction, party),
    check (superseded_by <> id)
  )`,
  `create index recalls_open on recalls (party, due_at)
    where acknowledgement is null and superseded_by is null`,
  `create index recalls_of_party on recalls (party, id)`,
  `create index recalls_unreminded on recalls (due_at)
    where acknowledgement is null and superseded_by is null and overdue_at is null`,
  `create table acknowledgements (
    recall text primary key,
    party text not null,
    kid text,
    jti text,
    -- H of the platform's signed call
    ack text not null,
    action text check (action in (${quoted(recallActions)})),
    copies text check (copies in ('deleted', 'kept')),
    reviewed_at timestamptz,
    notice_sent_at timestamptz,
    at timestamptz not null,
    -- Nobody acknowledges for another: the recall and the key are of one party.
    constraint acknowledgements_own_recall
      foreign key (recall, party) references recalls (id, party),
    constraint acknowledgements_own_key foreign key (kid, party) references keys (kid, party),
    -- Of one that was read back from the log only the hash is known.
    check (num_nonnulls(kid, jti, action, copies) in (0, 4)),
    constraint acknowledgements_own_grounds
      check (coalesce(action = 'kept-on-own-grounds', false) = (reviewed_at is not null)),
    check ((reviewed_at is null) = (notice_sent_at is null)),
    constraint acknowledgements_review_then_notice
      check (reviewed_at is null or (reviewed_at <= notice_sent_at and notice_sent_at <= at))
  )`,
  // Closed by an acknowledgement that exists.
  `alter table recalls add constraint recalls_acknowledged
    foreign key (acknowledgement) references acknowledgements (recall)`,
  `create table events (
    id text primary key check (id ~ '^evt_[0-9a-z]{26}$'),
    seq bigint generated always as identity,
    party text not null references parties check (party ~ '^plt_'),
    type text not null check (type in (${quoted(eventTypes)})),
    sanction text not null references sanctions,
    body jsonb not null,
    at timestamptz not null,
    acked_at timestamptz
  )`,
  `create index events_waiting on events (party, seq) where acked_at is null`,
];

/**
 * Marks are added, and forgotten all at once: after that nothing is asked under the check any more. What clears them to ask
 * again is refused.
 */
export const checkGuards = [
  `create function guard_asked() returns trigger language plpgsql as $$
    begin
      raise exception 'what was asked is not taken back' using errcode = 'check_violation';
    end $$`,
  `create trigger checks_asked before update of asked on checks for each row
    when (old.asked is not null and new.asked is distinct from '{}'
      and (old.asked = '{}' or (new.asked @> old.asked) is not true))
    execute function guard_asked()`,
];
