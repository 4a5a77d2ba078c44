import { endCauses, pauseCauses, reasonCodes, reasons } from '@recourse/protocol';
import { monthsAfterIncident } from './code-functions.ts';
import { quoted } from './quoted.ts';

const minorCodes = reasonCodes.filter((code) => reasons[code].minorAllowed);
export const caseTables = [
  `create table sanctions (
    id text primary key check (id ~ '^snc_[0-9a-z]{26}$'),
    party text not null references parties check (party ~ '^plt_'),
    kid text not null references keys,
    holder text not null,
    statement text not null,
    reason text not null check (is_reason(reason)),
    age text not null check (age in ('adult', 'unknown', 'minor')),
    decided_at timestamptz not null,
    incident_from timestamptz not null,
    incident_to timestamptz not null,
    expires_at timestamptz not null,
    drafted_at timestamptz,
    draft_lapses_at timestamptz,
    -- A draft that a colleague gave back has lapsed since: by whom, and why
    returned_by text,
    returned bytea,
    submitted_at timestamptz,
    notice_due_at timestamptz,
    withheld_ground text check (withheld_ground in ('active-safety-investigation', 'risk-to-victim')),
    -- When its submitter says that it told the creator itself
    stated_at timestamptz,
    -- The first notice, of either kind
    notified_at timestamptz,
    -- From when identifiers that no notice reached answer verify-identity
    others_from timestamptz,
    -- From when any of its identifiers answers
    visible_from timestamptz,
    version integer not null default 1,
    prior_match boolean not null,
    -- Its own platform's, and of the one reason that names one
    evades text,
    ref text,
    commitments text[] not null,
    -- Hash of the evidence that meets the floor of its reason
    proof text,
    -- Of the newest tokens of its subjects: it ends with that epoch, if they are made under no newer one
    epoch integer not null default 1,
    account bytea not null,
    -- An amendment shortens and lessens, and never lengthens.
    amended_until timestamptz constraint sanctions_amendment_shortens check (amended_until <= expires_at),
    amended_reason text check (is_reason(amended_reason)),
    amendment text,
    -- Submitted while too many appeals on its group's records waited: held until there were fewer
    backlogged boolean not null default false,
    backlog_over_at timestamptz check (backlog_over_at is null or backlogged),
    -- By the panel, after its submitter left: it does not end with the membership
    confirmed_at timestamptz,
    -- What the history says already: the scheduler looks for what it does not say yet
    visible_recorded boolean not null default false,
    end_recorded boolean not null default false,
    -- As in the row of its end: a submission looks for what ended since its incident began, and reads no older ends
    ended_early_at timestamptz,
    -- When the first step of its own rows falls due that its history does not show: wakes the scheduler, and decides nothing
    next_at timestamptz,
    -- Words, tokens, salts and kept bytes are gone; then the key and everything else of the case. What is erased is empty.
    texts_erased_at timestamptz,
    erased_at timestamptz,
    -- Leaf hash of the entry that says so; a draft has none
    erased_leaf bytea check (octet_length(erased_leaf) = 32),
    unique (id, party),
    foreign key (evades, party) references sanctions (id, party),
    check (cardinality(commitments) = case when erased_at is null then 8 else 0 end),
    check ((erased_at is null) = (statement <> '')),
    check ((texts_erased_at is null) = (octet_length(account) > 0)),
    check (erased_at is null or texts_erased_at is not null),
    check (erased_at is null or num_nonnulls(ref, evades, amendment) = 0),
    constraint sanctions_evades check (
      erased_at is not null or (evades is null) = (reason <> 'network.ban-evasion')),
    check ((erased_leaf is not null) = (erased_at is not null and submitted_at is not null)),
    check (incident_from <= incident_to and incident_to <= decided_at),
    constraint sanctions_longest_life check (
      expires_at <= ${monthsAfterIncident('coalesce(longest_life_months(reason), 60)')}),
    constraint sanctions_minors check (age <> 'minor' or (reason in (${quoted(minorCodes)}) and expires_at <= ${monthsAfterIncident(12)})),
    constraint sanctions_withheld_for_abuse check (withheld_ground is null or reason like 'abuse.%'),
    -- Nothing answers a check before notice, and nothing is noticed before it is submitted.
    constraint sanctions_hidden_without_notice check (
      (notified_at is null) = (others_from is null) and (notified_at is null) = (visible_from is null)),
    constraint sanctions_drafts_unnoticed check (notified_at is null or submitted_at is not null),
    constraint sanctions_visible_after_notice
      check (visible_from between notified_at and others_from),
    check (submitted_at is not null or drafted_at is not null),
    constraint sanctions_returned_drafts check (
      returned_by is null or (drafted_at is not null and submitted_at is null)),
    check (returned is null or returned_by is not null),
    check (erased_at is not null or amendment is not null
      or (amended_until is null and amended_reason is null))
  )`,
  `create index sanctions_proof_of on sanctions (proof) where proof is not null`,
  `create index sanctions_of_party on sanctions (party, id)`,
  `create index sanctions_of_ref on sanctions (party, ref) where ref is not null`,
  `create index sanctions_of_key on sanctions (kid)`,
  `create index sanctions_of_epoch on sanctions (party, epoch)`,
  `create index sanctions_ended_early on sanctions (party, reason, epoch, ended_early_at)
    where ended_early_at is not null and texts_erased_at is null`,
  `create index sanctions_unended on sanctions (party, reason, epoch)
    where submitted_at is not null and not end_recorded`,
  `create index sanctions_submitted on sanctions (party, submitted_at, id)`,
  `create index sanctions_evading on sanctions (evades) where evades is not null`,
  `create index sanctions_backlogged on sanctions (party)
    where backlogged and backlog_over_at is null and not end_recorded`,
  // What the scheduler looks for: it holds only what is still to come.
  `create index sanctions_next on sanctions (next_at) where next_at is not null`,
  `create index sanctions_to_retokenise on sanctions (epoch)
    where submitted_at is not null and not end_recorded`,
  `create index sanctions_to_notify on sanctions (notice_due_at)
    where submitted_at is not null and notified_at is null and not end_recorded`,
  `create index sanctions_to_erase on sanctions (id) where end_recorded and erased_at is null`,
  // Every code that lets one into a case. None is used up.
  `create table case_codes (
    hash text primary key,
    sanction text not null references sanctions,
    -- The subject that it was delivered to; none of a code that the platform handed out
    position integer check (position between 0 and 7),
    made_at timestamptz not null
  )`,
  `create index case_codes_of on case_codes (sanction)`,
  `create table case_keys (
    sanction text primary key references sanctions,
    wrapped bytea not null
  )`,
  `create table kept_calls (
    sanction text not null references sanctions,
    kid text not null,
    jti text not null,
    sealed bytea not null,
    primary key (sanction, kid, jti)
  )`,
  `create table subjects (
    lookup bytea not null check (octet_length(lookup) = 32),
    epoch bigint not null,
    sanction text not null references sanctions,
    position integer not null check (position between 0 and 7),
    kind text not null check (kind in ('email', 'phone', 'domain', 'account', 'wallet', 'iban')),
    control text not null check (control in ('otp', 'payment', 'dns', 'signature', 'kyc')),
    proven_at timestamptz not null,
    matches_until timestamptz not null,
    -- By an amendment: matches nothing any more
    detached_at timestamptz,
    -- When a notice was delivered to it, and from when it answers review
    delivered_at timestamptz,
    review_from timestamptz,
    sealed bytea not null,
    constraint subjects_review_after_delivery check (
      (delivered_at is null) = (review_from is null) and (delivered_at is null or review_from >= delivered_at)),
    primary key (lookup, epoch, sanction, position)
  )`,
  `create index subjects_of_sanction on subjects (sanction)`,
  `create table submitter_subjects (
    group_name text not null,
    lookup bytea not null,
    submissions integer not null,
    primary key (lookup, group_name)
  )`,
  `create table ends (
    sanction text primary key references sanctions,
    kind text not null check (kind in ('withdrawn', 'reversed', 'undecided')),
    cause text not null check (cause in (${quoted(endCauses)})),
    at timestamptz not null,
    by_party text not null references parties,
    artefact text,
    -- Lateness reverses nothing, and nothing else ends so.
    constraint ends_undecided check (
      case when kind = 'undecided' then cause in ('undecided', 'evaded-ended') else cause <> 'undecided' end)
  )`,
  `create table suspensions (
    sanction text not null references sanctions,
    cause text not null check (cause in (${quoted(pauseCauses)})),
    since timestamptz not null,
    -- Ends by itself here, as relief does
    until timestamptz,
    lifted_at timestamptz,
    primary key (sanction, cause, since),
    check (lifted_at is null or lifted_at >= since)
  )`,
  `create table sanction_events (
    sanction text not null references sanctions,
    position integer not null,
    version integer not null,
    event text not null check (is_history_event(event)),
    cause text check (is_history_cause(cause)),
    at timestamptz not null,
    primary key (sanction, position)
  )`,
  `create index sanction_events_found on sanction_events (sanction) where event = 'finding'`,
];

/** When a record ended early stands in the row of its end and in its own: each is written with the other. */
export const endGuards = [
  `create function assert_ended_early() returns trigger language plpgsql as $$
    begin
      if exists (
        select from sanctions s left join ends e on e.sanction = s.id
        where s.id = to_jsonb(new) ->> tg_argv[0] and s.ended_early_at is distinct from e.at
      ) then
        raise exception 'ended at another time' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  `create trigger ends_as_record after insert on ends
    for each row execute function assert_ended_early('sanction')`,
  `create trigger sanctions_as_end after update of ended_early_at on sanctions
    for each row execute function assert_ended_early('id')`,
  `create trigger sanctions_inserted_as_end after insert on sanctions
    for each row when (new.ended_early_at is not null) execute function assert_ended_early('id')`,
];
