create function is_reason(code text) returns boolean language plpgsql immutable as $$
    begin return code in ('fraud.payment', 'fraud.scam', 'fraud.phishing', 'fraud.payout', 'identity.impersonation', 'identity.forged-document', 'identity.account-takeover', 'network.fake-accounts', 'network.fake-engagement', 'network.bulk-spam', 'network.ban-evasion', 'abuse.ncii', 'abuse.sextortion', 'abuse.swatting', 'abuse.doxxing', 'abuse.threat', 'abuse.stalking', 'abuse.physical-harm', 'security.intrusion'); end $$;
---
create function is_history_event(code text) returns boolean language plpgsql immutable as $$
    begin return code in ('drafted', 'submitted', 'notice-delivered', 'notice-undelivered', 'notice-stated', 'visible', 'suspended', 'reinstated', 'ended', 'appeal-opened', 'responded', 'reviewer-claimed', 'reviewer-recused', 'asked', 'relief-refused', 'relief-spared', 'evidence-confirmed', 'evidence-rejected', 'evidence-disputed', 'dispute-settled', 'appeal-joined', 'withdrawal-asked', 'appeal-kept', 'appeal-withdrawn', 'erasure-asked', 'erasure-kept', 'subject-erased', 'appeal-undecided', 'appeal-upheld', 'appeal-dismissed', 'appeal-amended', 'appeal-decided', 'amended', 'finding', 'echo-review', 'echo-confirmed', 'challenged', 'challenge-refused', 'leaver-confirmed', 'retokenised'); end $$;
---
create function is_history_cause(code text) returns boolean language plpgsql immutable as $$
    begin return code in ('error', 'mistaken-identity', 'victim', 'disproportionate', 'expression', 'authority-origin', 'minor', 'insufficient-evidence', 'evidence-not-delivered', 'evidence-mismatch', 'conceded', 'key-compromise', 'home-reversal', 'settled', 'undecided', 'draft-lapsed', 'no-notice', 'evaded-ended', 'submitter-left', 'not-retokenised', 'order', 'expired', 'restore', 'evidence-overdue', 'decision-overdue', 'relief', 'key-compromised', 'echo-overdue', 'illegal-media', 'third-party-data', 'fits', 'does-not-fit', 'does-not-open'); end $$;
---
create function longest_life_months(code text) returns integer language plpgsql immutable as $$
    begin
      return case when code in ('network.bulk-spam') then 6 when code in ('network.fake-accounts', 'network.fake-engagement', 'security.intrusion') then 12 when code in ('fraud.phishing', 'fraud.payout', 'identity.impersonation', 'identity.account-takeover', 'abuse.doxxing', 'abuse.threat', 'abuse.stalking') then 24 when code in ('fraud.payment', 'fraud.scam', 'identity.forged-document', 'abuse.ncii', 'abuse.sextortion', 'abuse.swatting') then 36 when code in ('abuse.physical-harm') then 60 when code in ('network.ban-evasion') then null end;
    end $$;
---
create table parties (
    id text primary key check (id in ('panel', 'operator') or id ~ '^plt_[0-9a-z]{26}$'),
    kind text not null check (kind = case when id in ('panel', 'operator') then id else 'platform' end),
    name text not null,
    registration jsonb,
    enrolment_kid text,
    registered_at timestamptz not null,
    objections_until timestamptz,
    active_from timestamptz check (active_from >= objections_until),
    probation_until timestamptz check (probation_until >= active_from),
    left_at timestamptz,
    submissions_suspended boolean not null default false,
    checks_stopped boolean not null default false,
    submissions_per_day integer check (submissions_per_day >= 0),
    elements_per_day integer check (elements_per_day >= 0),
    enabled_reasons text[] not null default '{}',
    check ((kind = 'platform') = (registration is not null)),
    check (num_nulls(active_from, probation_until) in (0, 2)),
    constraint parties_no_state_body
        check (registration is null or registration -> 'stateOwned' is not distinct from 'false'::jsonb)
  ) ;
---
create unique index parties_domain on parties ((registration ->> 'domain'));
---
create table holders (
    id text primary key check (id ~ '^hld_[0-9a-z]{26}$'),
    party text not null references parties,
    term_until timestamptz,
    removed_at timestamptz,
    excused_at timestamptz,
    languages text[] not null default '{}',
    opt_out text[] not null default '{}',
    unique (id, party),
    constraint holders_opt_out
        check (cardinality(opt_out) <= 9 and opt_out <@ array['fraud.payment', 'fraud.scam', 'fraud.phishing', 'fraud.payout', 'identity.impersonation', 'identity.forged-document', 'identity.account-takeover', 'network.fake-accounts', 'network.fake-engagement', 'network.bulk-spam', 'network.ban-evasion', 'abuse.ncii', 'abuse.sextortion', 'abuse.swatting', 'abuse.doxxing', 'abuse.threat', 'abuse.stalking', 'abuse.physical-harm', 'security.intrusion']),
    check (party = 'panel' or (languages = '{}' and opt_out = '{}'))
  ) ;
---
create index holders_of_panel on holders (id) where party = 'panel' and removed_at is null;
---
create table keys (
    kid text primary key,
    party text not null references parties,
    holder text not null,
    role text not null constraint keys_role_of_party check (
        case when party = 'panel' then role = 'reviewer'
             when party = 'operator' then role = 'operator'
             else role in ('service', 'trust', 'support') end),
    admin boolean not null constraint keys_support_is_no_admin check (not (admin and role = 'support')),
    alg text not null check (alg in ('Ed25519', 'ES256')),
    jwk jsonb not null,
    statement text not null,
    position integer not null,
    active_from timestamptz not null,
    revoked_at timestamptz,
    revoked_why text check (revoked_why in ('retired', 'compromised')),
    compromised_since timestamptz,
    entry text not null,
    revocation text,
    unique (party, position),
    unique (kid, party),
    foreign key (holder, party) references holders (id, party),
    check ((revoked_at is null) = (revoked_why is null)),
    check ((revoked_at is null) = (revocation is null)),
    constraint keys_compromised check (compromised_since is null or revoked_why is not distinct from 'compromised')
  ) ;
---
create index keys_of_holder on keys (holder) where revoked_at is null;
---
create table sanctions (
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
    returned_by text,
    returned bytea,
    submitted_at timestamptz,
    notice_due_at timestamptz,
    stated_at timestamptz,
    notified_at timestamptz,
    others_from timestamptz,
    visible_from timestamptz,
    version integer not null default 1,
    prior_match boolean not null,
    evades text,
    ref text,
    commitments text[] not null,
    proof text,
    epoch integer not null default 1,
    account bytea not null,
    amended_until timestamptz constraint sanctions_amendment_shortens check (amended_until <= expires_at),
    amended_reason text check (is_reason(amended_reason)),
    amendment text,
    relayed boolean not null default false,
    backlogged boolean not null default false,
    backlog_over_at timestamptz check (backlog_over_at is null or backlogged),
    confirmed_at timestamptz,
    visible_recorded boolean not null default false,
    end_recorded boolean not null default false,
    ended_early_at timestamptz,
    next_at timestamptz,
    texts_erased_at timestamptz,
    erased_at timestamptz,
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
        expires_at <= (incident_to at time zone 'UTC' + make_interval(months => coalesce(longest_life_months(reason), 60))) at time zone 'UTC'),
    constraint sanctions_minors check (age <> 'minor' or (reason in ('identity.account-takeover', 'abuse.ncii', 'abuse.sextortion', 'abuse.swatting') and expires_at <= (incident_to at time zone 'UTC' + make_interval(months => 12)) at time zone 'UTC')),
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
  ) ;
---
create index sanctions_proof_of on sanctions (proof) where proof is not null;
---
create index sanctions_of_party on sanctions (party, id);
---
create index sanctions_of_ref on sanctions (party, ref) where ref is not null;
---
create index sanctions_of_key on sanctions (kid);
---
create index sanctions_of_epoch on sanctions (party, epoch);
---
create index sanctions_ended_early on sanctions (party, reason, epoch, ended_early_at) where ended_early_at is not null and texts_erased_at is null;
---
create index sanctions_unended on sanctions (party, reason, epoch) where submitted_at is not null and not end_recorded;
---
create index sanctions_submitted on sanctions (party, submitted_at, id);
---
create index sanctions_evading on sanctions (evades) where evades is not null;
---
create index sanctions_backlogged on sanctions (party) where backlogged and backlog_over_at is null and not end_recorded;
---
create index sanctions_next on sanctions (next_at) where next_at is not null;
---
create index sanctions_to_retokenise on sanctions (epoch) where submitted_at is not null and not end_recorded;
---
create index sanctions_to_notify on sanctions (notice_due_at) where submitted_at is not null and notified_at is null and not end_recorded;
---
create index sanctions_to_erase on sanctions (id) where end_recorded and erased_at is null;
---
create table panel_items (
    id text primary key check (id ~ '^itm_[0-9a-z]{26}$'),
    kind text not null check (kind in ('party-suspension', 'suspension-appeal', 'inquiry', 'speech', 'admission', 'group', 'challenge', 'strikes')),
    party text not null references parties check (party ~ '^plt_'),
    sanction text references sanctions,
    about text references panel_items,
    votes integer not null check (votes = case kind when 'party-suspension' then 3 when 'suspension-appeal' then 3 when 'inquiry' then 3 when 'speech' then 3 when 'admission' then 3 when 'group' then 3 when 'challenge' then 2 when 'strikes' then 3 end),
    opened_at timestamptz not null,
    due_at timestamptz not null,
    closed_at timestamptz,
    closed_by text check (closed_by in ('votes', 'deadline', 'end')),
    outcome text check (outcome in ('suspend', 'refuse', 'uphold', 'lift', 'admit', 'join', 'detach', 'keep', 'strike')),
    unique (id, party),
    unique (id, sanction),
    foreign key (about, party) references panel_items (id, party),
    check ((sanction is not null) = (kind = 'challenge')),
    check ((about is not null) = (kind = 'suspension-appeal')),
    check (opened_at < due_at),
    constraint panel_items_outcome_of_kind check (outcome in (
        case kind when 'party-suspension' then 'suspend' when 'suspension-appeal' then 'uphold' when 'inquiry' then 'suspend' when 'speech' then 'suspend' when 'admission' then 'admit' when 'group' then 'join' when 'challenge' then 'detach' when 'strikes' then 'strike' end,
        case kind when 'party-suspension' then 'refuse' when 'suspension-appeal' then 'lift' when 'inquiry' then 'refuse' when 'speech' then 'refuse' when 'admission' then 'refuse' when 'group' then 'keep' when 'challenge' then 'keep' when 'strikes' then 'keep' end)),
    check (num_nonnulls(closed_at, closed_by) in (0, 2)),
    check (closed_by is not null or outcome is null)
  ) ;
---
create unique index panel_items_one_open on panel_items (party) where closed_at is null and kind in ('party-suspension', 'inquiry');
---
create unique index panel_items_one_speech on panel_items (party) where closed_at is null and kind = 'speech';
---
create unique index panel_items_one_strikes on panel_items (party) where closed_at is null and kind = 'strikes';
---
create unique index panel_items_one_admission on panel_items (party) where kind = 'admission';
---
create unique index panel_items_one_group on panel_items (party) where closed_at is null and kind = 'group';
---
create unique index panel_items_appealed_once on panel_items (about) where about is not null;
---
create index panel_items_open on panel_items (due_at) where closed_at is null;
---
create index panel_items_of_party on panel_items (party, opened_at);
---
create table admissions (
    party text primary key references parties,
    outcome text not null check (outcome in ('admitted', 'refused')),
    at timestamptz not null,
    item text not null unique,
    foreign key (item, party) references panel_items (id, party)
  ) ;
---
create table affiliations (
    holder text not null references holders,
    party text not null references parties,
    until timestamptz,
    primary key (holder, party)
  ) ;
---
create table countersignatures (
    holder text not null references holders,
    by_holder text not null references holders check (by_holder <> holder),
    kid text not null references keys,
    statement text not null,
    primary key (holder, by_holder)
  ) ;
---
create table invites (
    code_hash text primary key,
    id text not null unique,
    party text not null references parties,
    holder text not null,
    role text not null,
    admin boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    redeemed_at timestamptz,
    foreign key (holder, party) references holders (id, party)
  ) ;
---
create table objections (
    party text not null references parties check (party ~ '^plt_'),
    by_party text not null references parties check (by_party ~ '^plt_'),
    ground text not null check (ground in ('state-owned-or-directed', 'registration-untrue', 'owner-undisclosed', 'group-undisclosed', 'no-complaint-route', 'no-legal-basis') and ground <> 'group-undisclosed'),
    at timestamptz not null,
    primary key (party, by_party),
    check (by_party <> party)
  ) ;
---
create table party_groups (
    party text not null references parties check (party ~ '^plt_'),
    group_name text not null check (group_name ~ '^[a-z0-9-]{1,40}$'),
    since timestamptz not null,
    until timestamptz check (until >= since),
    by_party text references parties check (by_party <> party),
    item text unique,
    primary key (party, group_name, since),
    foreign key (item, party) references panel_items (id, party),
    check (num_nulls(by_party, item) in (0, 2))
  ) ;
---
create index party_groups_of on party_groups (group_name);
---
create table proposals (
    id text primary key,
    op text not null,
    input_hash text not null,
    proposed_by text not null references holders,
    proposed_at timestamptz not null,
    execute_before timestamptz not null,
    executed_by text references holders,
    executed_at timestamptz,
    check ((executed_by is null) = (executed_at is null)),
    constraint proposals_two_people check (executed_by is distinct from proposed_by),
    check (executed_at is null or executed_at <= execute_before)
  ) ;
---
create index proposals_open on proposals (op, input_hash) where executed_at is null;
---
create table enrolments (
    kid text primary key,
    party text not null references parties,
    holder text not null,
    role text not null,
    admin boolean not null,
    enrolment text not null,
    enrolled_at timestamptz not null,
    foreign key (holder, party) references holders (id, party)
  ) ;
---
create table reenrolments (
    invite text primary key,
    party text not null references parties check (party ~ '^plt_'),
    holder text not null,
    call text not null,
    announced_at timestamptz not null,
    effective_at timestamptz not null constraint reenrolments_waiting
        check (effective_at >= announced_at + interval '168 hours'),
    lapses_at timestamptz not null check (lapses_at > effective_at),
    entry text not null,
    stopped_at timestamptz,
    stopped_by text references holders,
    kid text references keys,
    enrolled_at timestamptz constraint reenrolments_in_time
        check (enrolled_at >= effective_at and enrolled_at < lapses_at),
    foreign key (holder, party) references holders (id, party),
    check ((stopped_at is null) = (stopped_by is null)),
    check ((kid is null) = (enrolled_at is null)),
    constraint reenrolments_one_end check (num_nonnulls(stopped_at, enrolled_at) <= 1)
  ) ;
---
create index reenrolments_of on reenrolments (party);
---
create table sealing_keys (
    kid text primary key,
    party text not null,
    sealing_kid text not null unique,
    statement text not null,
    foreign key (kid, party) references keys (kid, party)
  ) ;
---
create index sealing_keys_of on sealing_keys (party);
---
create table answers (
    kid text not null,
    jti text not null,
    iss text not null,
    op text not null,
    idem text,
    input_hash text not null,
    req text not null,
    status integer not null,
    sanction text,
    body bytea not null,
    receipt text not null,
    at timestamptz not null,
    primary key (kid, jti)
  ) ;
---
create unique index answers_idem on answers (iss, op, idem) where idem is not null;
---
create index answers_at on answers (at);
---
create table audit (
    kid text not null,
    jti text not null,
    iss text not null,
    exp timestamptz not null,
    op text not null,
    req text not null,
    res text not null,
    status integer not null,
    at timestamptz not null,
    cost integer not null,
    entry text not null,
    place integer not null,
    primary key (kid, jti)
  ) ;
---
create table due_failures (
    kind text not null,
    id text not null,
    failures integer not null check (failures > 0),
    retry_at timestamptz not null,
    error text not null check (error ~ '^[A-Za-z0-9_-]{1,64}$'),
    primary key (kind, id)
  ) ;
---
create table kept_calls (
    sanction text not null references sanctions,
    kid text not null,
    jti text not null,
    sealed bytea not null,
    primary key (sanction, kid, jti)
  ) ;
---
create table openings (
    kid text not null,
    jti text not null,
    position integer not null,
    party text not null,
    sanction text,
    opening bytea not null,
    txid xid8 not null default pg_current_xact_id(),
    seq bigint not null generated always as identity,
    primary key (kid, jti, position)
  ) ;
---
create index openings_of_party on openings (party, txid, seq);
---
create index openings_of_sanction on openings (sanction) where sanction is not null;
---
create table refusals (
    party text not null,
    day date not null,
    code text not null,
    detail text not null,
    n integer not null,
    primary key (party, day, code, detail)
  ) ;
---
create table registry_facts (
    name text primary key,
    value text not null,
    entry text
  ) ;
---
create table case_codes (
    hash text primary key,
    sanction text not null references sanctions,
    position integer check (position between 0 and 7),
    made_at timestamptz not null,
    used_by text
  ) ;
---
create index case_codes_of on case_codes (sanction);
---
create table case_keys (
    sanction text primary key references sanctions,
    wrapped bytea not null
  ) ;
---
create table ends (
    sanction text primary key references sanctions,
    kind text not null check (kind in ('withdrawn', 'reversed', 'undecided')),
    cause text not null check (cause in ('error', 'mistaken-identity', 'victim', 'disproportionate', 'expression', 'authority-origin', 'minor', 'insufficient-evidence', 'evidence-not-delivered', 'evidence-mismatch', 'conceded', 'key-compromise', 'home-reversal', 'settled', 'undecided', 'draft-lapsed', 'no-notice', 'evaded-ended', 'submitter-left', 'not-retokenised', 'order', 'expired', 'restore')),
    at timestamptz not null,
    by_party text not null references parties,
    artefact text,
    lifted_at timestamptz,
    constraint ends_lifted check (lifted_at is null
        or kind = 'withdrawn' and cause = 'home-reversal' and lifted_at <= at),
    constraint ends_undecided check (
        case when kind = 'undecided' then cause in ('undecided', 'evaded-ended') else cause <> 'undecided' end)
  ) ;
---
create index ends_withdrawn on ends (at) where kind = 'withdrawn';
---
create index ends_lifted_at on ends (at) where lifted_at is not null;
---
create table journals (
    sanction text not null references sanctions,
    holder text not null references holders,
    version integer not null constraint journals_of_one check (version between 0 and 7),
    kid text not null references keys,
    at timestamptz not null,
    sealed bytea not null constraint journals_bounded check (octet_length(sealed) <= 131072),
    primary key (sanction, holder, version)
  ) ;
---
create table notice_deliveries (
    sanction text not null references sanctions,
    position integer not null check (position between 0 and 7),
    channel text not null check (channel in ('email', 'sms')),
    language text not null,
    address bytea,
    asked_at timestamptz not null,
    expires_at timestamptz not null check (expires_at <= asked_at + interval '72 hours'),
    tries integer not null default 0,
    retry_at timestamptz,
    message text unique check (message ~ '^[A-Za-z0-9_-]{22}$'),
    result text check (result in ('taken', 'refused', 'unsent')),
    result_at timestamptz,
    again_at timestamptz,
    again text check (again in ('taken', 'refused', 'unsent')),
    again_message text unique check (again_message ~ '^[A-Za-z0-9_-]{22}$'),
    bounced_by text references holders,
    confirmed_by text references holders,
    bounced_at timestamptz,
    primary key (sanction, position),
    constraint notice_deliveries_address_gone
        check (address is null or result is null or (again_at is not null and again is null)),
    check ((result is null) = (result_at is null)),
    constraint notice_deliveries_bounced
        check (bounced_at is null or coalesce(result in ('taken', 'refused'), false)),
    constraint notice_deliveries_two_people check (
        (confirmed_by is null or coalesce(confirmed_by <> bounced_by, false))
        and (bounced_at is null or confirmed_by is not null))
  ) ;
---
create index notice_deliveries_waiting on notice_deliveries (retry_at) where result is null or (again_at is not null and again is null);
---
create table sanction_events (
    sanction text not null references sanctions,
    position integer not null,
    version integer not null,
    event text not null check (is_history_event(event)),
    cause text check (is_history_cause(cause)),
    at timestamptz not null,
    primary key (sanction, position)
  ) ;
---
create index sanction_events_found on sanction_events (sanction) where event = 'finding';
---
create table sms_days (
    party text primary key references parties,
    day date not null,
    sent integer not null check (sent >= 0)
  ) ;
---
create table subjects (
    lookup bytea not null check (octet_length(lookup) = 32),
    epoch bigint not null,
    sanction text not null references sanctions,
    position integer not null check (position between 0 and 7),
    kind text not null check (kind in ('email', 'phone', 'domain', 'account', 'wallet', 'iban')),
    control text not null check (control in ('otp', 'payment', 'dns', 'signature', 'kyc')),
    proven_at timestamptz not null,
    matches_until timestamptz not null,
    detached_at timestamptz,
    delivered_at timestamptz,
    review_from timestamptz,
    sealed bytea not null,
    constraint subjects_review_after_delivery check (
        (delivered_at is null) = (review_from is null) and (delivered_at is null or review_from >= delivered_at)),
    primary key (lookup, epoch, sanction, position)
  ) ;
---
create index subjects_of_sanction on subjects (sanction);
---
create table submitter_subjects (
    group_name text not null,
    lookup bytea not null,
    submissions integer not null,
    primary key (lookup, group_name)
  ) ;
---
create table suspensions (
    sanction text not null references sanctions,
    cause text not null check (cause in ('evidence-overdue', 'decision-overdue', 'relief', 'key-compromised', 'echo-overdue', 'order', 'restore')),
    since timestamptz not null,
    until timestamptz,
    lifted_at timestamptz,
    primary key (sanction, cause, since),
    check (lifted_at is null or lifted_at >= since)
  ) ;
---
create table rotations (
    epoch integer primary key check (epoch >= 2),
    public_key text not null unique,
    announced_at timestamptz not null,
    opens_at timestamptz not null constraint rotations_announced
        check (opens_at >= announced_at + interval '24 hours'),
    before_closes_at timestamptz not null constraint rotations_overlap
        check (before_closes_at = opens_at + interval '336 hours'),
    entry text not null
  ) ;
---
create table retokenisations (
    sanction text not null references sanctions,
    epoch integer not null references rotations,
    at timestamptz not null,
    artefact text not null,
    commitments text[] not null check (cardinality(commitments) = 8),
    primary key (sanction, epoch)
  ) ;
---
create table alarms (
    id text primary key,
    kind text not null check (kind ~ '^[a-z-]{1,40}$'),
    counts jsonb not null,
    at timestamptz not null,
    party text references parties check (party is null or kind in ('looked-without-asking', 'enumeration')),
    explained_at timestamptz,
    explained text check (explained in ('client-fault', 'signup-wave', 'fault-of-the-registry', 'misuse-ended')),
    constraint alarms_explained check (num_nulls(explained_at, explained) in (0, 2)
        and (explained is null or party is not null))
  ) ;
---
create index alarms_open on alarms (party) where party is not null and explained_at is null;
---
create index alarms_newest on alarms (at, id);
---
create table check_meters (
    party text primary key references parties check (party ~ '^plt_'),
    bucket integer not null check (bucket >= 0),
    spent float8 not null check (spent >= 0),
    surplus float8 not null check (surplus >= 0),
    at timestamptz not null,
    open_elements integer not null default 0,
    open_expected float8 not null default 0,
    open_empty integer not null default 0,
    closed_elements integer not null default 0,
    closed_expected float8 not null default 0,
    closed_empty integer not null default 0,
    closed_at timestamptz
  ) with (fillfactor = 50);
---
create table checks (
    id text primary key check (id ~ '^chk_[0-9a-z]{26}$'),
    party text not null references parties,
    purpose text not null check (purpose in ('signup', 'monetisation', 'payout-change', 'account-recovery', 'safety-review', 'vouching')),
    elements integer not null,
    proven_at timestamptz,
    ref text,
    at timestamptz not null,
    empty integer not null default 0 check (empty between 0 and elements),
    epochs smallint not null default 1 check (epochs in (1, 2)),
    asked integer[],
    constraint checks_asked_evaluated check (cardinality(asked) <= elements * epochs)
  ) ;
---
create index checks_asked on checks (at) where asked <> '{}';
---
create index checks_at on checks (at);
---
create table checked_subjects (
    check_id text not null references checks,
    lookup bytea not null check (octet_length(lookup) = 32),
    primary key (check_id, lookup)
  ) ;
---
create index checked_subjects_of on checked_subjects (lookup);
---
create table disclosures (
    sanction text not null references sanctions,
    version integer not null,
    party text not null references parties check (party ~ '^plt_'),
    at timestamptz not null,
    primary key (sanction, version, party)
  ) ;
---
create table matches (
    id text primary key check (id ~ '^mat_[0-9a-z]{26}$'),
    check_id text not null references checks,
    party text not null,
    sanction text not null,
    version integer not null,
    purpose text not null,
    ref text,
    advice text not null default 'verify-identity' check (advice in ('review', 'verify-identity')),
    positions integer[] not null default '{}',
    told_at timestamptz not null,
    due_at timestamptz,
    outcome text check (outcome in ('pending', 'admitted', 'admitted-with-safeguards', 'refused')),
    outcome_at timestamptz,
    reviewed_at timestamptz,
    notice_sent_at timestamptz,
    reminded_at timestamptz,
    constraint matches_owe check (case purpose when 'vouching'
        then num_nonnulls(due_at, outcome, reminded_at) = 0 else due_at is not null end),
    unique (check_id, sanction, version),
    unique (id, sanction, party),
    constraint matches_disclosed
        foreign key (sanction, version, party) references disclosures (sanction, version, party),
    constraint matches_refusal_of_review check (outcome is distinct from 'refused' or advice is not distinct from 'review'),
    constraint matches_refusal_reviewed check (outcome is null or outcome in ('pending', 'admitted') or
        (reviewed_at is not null and notice_sent_at is not null and outcome_at is not null and
          reviewed_at between told_at + interval '10 minutes' and outcome_at and
          notice_sent_at between told_at and outcome_at))
  ) ;
---
create index matches_owed on matches (party, told_at) where (outcome is null or outcome = 'pending') and due_at is not null;
---
create index matches_unreminded on matches (due_at) where (outcome is null or outcome = 'pending') and reminded_at is null;
---
create index matches_of_sanction on matches (sanction, party);
---
create index matches_of_check on matches (check_id);
---
create table inquiries (
    id text primary key check (id ~ '^qst_[0-9a-z]{26}$'),
    match text not null references matches,
    sanction text not null references sanctions,
    party text not null references parties check (party ~ '^plt_'),
    asks text not null check (asks in ('how-was-control-proven', 'is-own-measure-final', 'amount-band', 'accounts-linked', 'still-stands')),
    asked_at timestamptz not null,
    due_at timestamptz not null check (due_at > asked_at),
    answer text,
    answered_at timestamptz check (answered_at >= asked_at),
    unique (match, asks),
    foreign key (match, sanction, party) references matches (id, sanction, party),
    check ((answer is null) = (answered_at is null)),
    check (answer is null or case asks when 'how-was-control-proven' then answer in ('otp', 'payment', 'dns', 'signature', 'kyc', 'not-known') when 'is-own-measure-final' then answer in ('final', 'open-to-complaint', 'under-complaint', 'lifted') when 'amount-band' then answer in ('none', 'below-100', '100-to-999', '1000-to-9999', '10000-and-more', 'not-known') when 'accounts-linked' then answer in ('one', '2-to-9', '10-to-99', '100-and-more', 'not-known') when 'still-stands' then answer in ('yes', 'no', 'under-review') end)
  ) ;
---
create index inquiries_of_sanction on inquiries (sanction);
---
create index inquiries_of_party on inquiries (party, id);
---
create table recalls (
    id text primary key check (id ~ '^rcl_[0-9a-z]{26}$'),
    sanction text not null,
    version integer not null,
    party text not null,
    kind text not null check (kind in ('undo', 'pause', 'correct')),
    issued_at timestamptz not null,
    due_at timestamptz not null,
    acknowledgement text check (acknowledgement = id),
    superseded_by text,
    overdue_at timestamptz,
    unique (sanction, version, party),
    unique (id, party),
    unique (id, sanction, party),
    foreign key (superseded_by, sanction, party) references recalls (id, sanction, party),
    check (superseded_by <> id)
  ) ;
---
create index recalls_open on recalls (party, due_at) where acknowledgement is null and superseded_by is null;
---
create index recalls_of_party on recalls (party, id);
---
create index recalls_unreminded on recalls (due_at) where acknowledgement is null and superseded_by is null and overdue_at is null;
---
create table acknowledgements (
    recall text primary key,
    party text not null,
    kid text,
    jti text,
    ack text not null,
    action text check (action in ('undone', 'paused', 'corrected', 'refusal-lifted', 'never-acted', 'account-gone', 'cannot-identify', 'kept-on-own-grounds')),
    copies text check (copies in ('deleted', 'kept')),
    reviewed_at timestamptz,
    notice_sent_at timestamptz,
    at timestamptz not null,
    constraint acknowledgements_own_recall
        foreign key (recall, party) references recalls (id, party),
    constraint acknowledgements_own_key foreign key (kid, party) references keys (kid, party),
    check (num_nonnulls(kid, jti, action, copies) in (0, 4)),
    constraint acknowledgements_own_grounds
        check (coalesce(action = 'kept-on-own-grounds', false) = (reviewed_at is not null)),
    check ((reviewed_at is null) = (notice_sent_at is null)),
    constraint acknowledgements_review_then_notice
        check (reviewed_at is null or (reviewed_at <= notice_sent_at and notice_sent_at <= at))
  ) ;
---
create table events (
    id text primary key check (id ~ '^evt_[0-9a-z]{26}$'),
    seq bigint generated always as identity,
    party text not null references parties check (party ~ '^plt_'),
    type text not null check (type in ('sanction-disputed', 'sanction-upheld', 'sanction-amended', 'sanction-suspended', 'sanction-reinstated', 'sanction-reversed', 'sanction-withdrawn', 'sanction-undecided', 'sanction-expired', 'appeal-opened', 'evidence-requested', 'notice-owed', 'recall-reminder', 'outcome-reminder', 'retokenise-reminder', 'echo-review', 'question', 'party-warned', 'party-held', 'subject-challenged', 'challenge-decided')),
    sanction text not null references sanctions,
    body jsonb not null,
    at timestamptz not null,
    acked_at timestamptz
  ) ;
---
create index events_waiting on events (party, seq) where acked_at is null;
---
create index events_at on events (acked_at, at);
---
create table derived_records (
    derived text not null references sanctions,
    source text not null references sanctions,
    primary key (derived, source),
    check (derived <> source)
  ) ;
---
create index derived_records_of on derived_records (source);
---
create table derived_reviews (
    derived text primary key references sanctions,
    started_at timestamptz not null,
    due_at timestamptz not null,
    confirmed_at timestamptz,
    confirmation text,
    check (started_at < due_at),
    check (confirmed_at is null or confirmed_at >= started_at),
    check (confirmation is null or confirmed_at is not null)
  ) ;
---
create table evidence_commitments (
    commitment text not null,
    sanction text not null references sanctions,
    primary key (commitment, sanction)
  ) ;
---
create index evidence_commitments_of on evidence_commitments (sanction);
---
create table claimants (
    id text primary key check (id ~ '^clm_[0-9a-z]{26}$'),
    sanction text not null references sanctions,
    secret text not null unique,
    kind text not null check (kind in ('self', 'representative', 'guardian')),
    acts_for text,
    signing_key text check (length(signing_key) < 300),
    since timestamptz not null,
    left_at timestamptz check (left_at >= since),
    unique (id, sanction),
    foreign key (acts_for, sanction) references claimants (id, sanction),
    constraint claimants_let_in check ((kind = 'self') = (acts_for is null))
  ) ;
---
create index claimants_of on claimants (sanction);
---
create index claimants_acting on claimants (acts_for) where acts_for is not null;
---
create table case_access (
    sanction text not null references sanctions,
    by_claimant text not null,
    place integer not null check (place between 1 and 999),
    kind text not null check (kind in ('representative', 'guardian')),
    name bytea not null,
    invite text not null unique,
    invited_at timestamptz not null,
    invite_until timestamptz not null check (invite_until <= invited_at + interval '168 hours'),
    claimant text unique,
    since timestamptz constraint case_access_in_time check (since < invite_until),
    ended_at timestamptz,
    primary key (by_claimant, place),
    foreign key (by_claimant, sanction) references claimants (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction),
    check ((claimant is null) = (since is null))
  ) ;
---
create index case_access_of on case_access (sanction);
---
create table case_contacts (
    claimant text primary key,
    sanction text not null,
    address bytea not null,
    stop text not null unique,
    at timestamptz not null,
    tries integer not null default 0 check (tries between 0 and 5),
    confirm_by timestamptz not null check (confirm_by <= at + interval '24 hours'),
    confirmed_at timestamptz check (confirmed_at < confirm_by),
    told integer not null,
    mailed_at timestamptz constraint case_contacts_confirmed check (mailed_at >= confirmed_at),
    failures integer not null default 0,
    retry_at timestamptz,
    foreign key (claimant, sanction) references claimants (id, sanction),
    constraint case_contacts_unconfirmed
        check (confirmed_at is not null or (mailed_at is null and retry_at is null and failures = 0))
  ) ;
---
create index case_contacts_of on case_contacts (sanction);
---
create table claimant_ways (
    claimant text not null,
    sanction text not null,
    way text not null check (way in ('handed', 'delivered', 'proof', 'ticket')),
    position integer check (position between 0 and 7),
    first_use boolean not null default false,
    proves boolean not null generated always as (way = 'proof' or (way = 'delivered' and first_use)) stored,
    by_phone boolean not null default false,
    at timestamptz not null,
    proven_at timestamptz not null,
    number_since timestamptz,
    unique nulls not distinct (claimant, way, position, first_use),
    foreign key (claimant, sanction) references claimants (id, sanction),
    constraint claimant_ways_handed check ((way = 'handed') = (position is null)),
    constraint claimant_ways_used check (way = 'delivered' or not first_use),
    constraint claimant_ways_number check (
        (way in ('delivered', 'proof') or not by_phone) and (by_phone or number_since is null))
  ) ;
---
create index claimant_ways_of on claimant_ways (sanction);
---
create index claimant_ways_proven on claimant_ways (sanction, position) where proves;
---
create table finds (
    id text primary key check (id ~ '^fnd_[0-9a-z]{26}$'),
    kind text not null check (kind in ('email', 'phone', 'domain', 'wallet')),
    at timestamptz not null,
    expires_at timestamptz not null,
    tries integer not null default 0,
    used_at timestamptz
  ) ;
---
create table guesses (
    hour timestamptz primary key,
    n integer not null
  ) ;
---
create table tickets (
    request text primary key,
    party text not null references parties check (party ~ '^plt_'),
    lookup bytea not null check (octet_length(lookup) = 32),
    epoch bigint not null,
    kind text not null check (kind in ('account', 'iban')),
    domain text,
    check_id text not null unique references checks,
    proven_by text references checks,
    at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint tickets_rest_on check (
        (kind = 'account') = (domain is not null) and (kind = 'iban') = (proven_by is not null))
  ) ;
---
create index tickets_of_proof on tickets (proven_by) where proven_by is not null;
---
create table reviews (
    id text primary key,
    sanction text not null references sanctions,
    appeal text generated always as (case left(id, 4) when 'apl_' then id end) stored,
    inspection text generated always as (case left(id, 4) when 'itm_' then id end) stored,
    unique (id, sanction),
    check (num_nonnulls(appeal, inspection) = 1)
  ) ;
---
create table appeals (
    id text primary key check (id ~ '^apl_[0-9a-z]{26}$'),
    sanction text not null references sanctions,
    submitter text not null references parties,
    claimant text,
    ground text not null check (ground in ('not-me', 'recycled', 'facts-wrong', 'wrong-reason', 'disproportionate', 'expression', 'authority', 'minor', 'procedure')),
    proven boolean not null default false,
    speech boolean not null default false,
    language text not null,
    words bytea not null,
    news bytea,
    reopens text,
    reviewers integer not null check (reviewers between 1 and 3),
    opened_at timestamptz not null,
    assignment_due_at timestamptz not null check (assignment_due_at >= opened_at),
    evidence_due_at timestamptz,
    evidence_lapses_at timestamptz,
    evidence_confirmed_at timestamptz,
    added_days integer not null default 0 check (added_days between 0 and 14),
    decision_due_at timestamptz not null,
    undecided_at timestamptz not null,
    relief_due_at timestamptz,
    relief_decided_at timestamptz,
    relief_decided_as text check (relief_decided_as in ('granted', 'refused', 'spared')),
    withdraws_at timestamptz,
    bound boolean not null,
    together boolean not null default false,
    beside text,
    reason_told boolean not null default false,
    keeps_until timestamptz,
    responded_at timestamptz,
    response bytea,
    closed_at timestamptz,
    closed_as text check (closed_as in ('decided', 'withdrawn', 'undelivered', 'undecided', 'conceded', 'restored')),
    outcome text check (outcome in ('upheld', 'amended', 'reversed', 'dismissed', 'finding')),
    cause text check (cause in ('error', 'mistaken-identity', 'victim', 'disproportionate', 'expression', 'authority-origin', 'minor', 'insufficient-evidence', 'evidence-not-delivered', 'evidence-mismatch', 'conceded', 'key-compromise', 'home-reversal', 'settled', 'undecided', 'draft-lapsed', 'no-notice', 'evaded-ended', 'submitter-left', 'not-retokenised', 'order', 'expired', 'restore')),
    concession text check (concession in ('error', 'mistaken-identity', 'victim', 'home-reversal', 'settled')),
    unique (id, sanction),
    foreign key (id, sanction) references reviews (id, sanction),
    foreign key (reopens, sanction) references appeals (id, sanction),
    constraint appeals_concession check (concession is null or cause is not distinct from 'conceded'),
    foreign key (claimant, sanction) references claimants (id, sanction),
    check ((closed_at is null) = (closed_as is null)),
    constraint appeals_outcome check ((closed_as is not distinct from 'decided') = (outcome is not null)),
    constraint appeals_undecided_late check (closed_as <> 'undecided' or closed_at >= undecided_at),
    check ((evidence_due_at is null) = (evidence_lapses_at is null)),
    check (opened_at < decision_due_at and decision_due_at <= undecided_at),
    constraint appeals_expression_two check (not speech or reviewers >= 2),
    constraint appeals_relief_in_time check (case when relief_decided_as = 'spared'
        then relief_decided_at = relief_due_at else relief_decided_at < relief_due_at end),
    check ((relief_decided_at is null) = (relief_decided_as is null)),
    check (relief_decided_at is null or relief_due_at is not null)
  ) ;
---
create unique index appeals_one_open on appeals (sanction) where closed_at is null;
---
create index appeals_beside on appeals (beside, opened_at) where beside is not null;
---
create index appeals_reopened on appeals (reopens) where reopens is not null;
---
create index appeals_of_sanction on appeals (sanction);
---
create index appeals_of_speech on appeals (closed_at) where cause in ('expression', 'authority-origin');
---
create index appeals_conceded_speech on appeals (closed_at) where closed_as = 'conceded' and speech;
---
create index appeals_reversed on appeals (closed_at) where closed_at is not null and not (closed_as = 'decided' and outcome in ('upheld', 'amended', 'dismissed'));
---
create index appeals_open on appeals (opened_at) where closed_at is null;
---
create table case_files (
    appeal text not null,
    sanction text not null,
    claimant text not null,
    position integer not null,
    sealed bytea not null,
    size integer not null,
    at timestamptz not null,
    slot integer not null check (slot >= 0),
    primary key (appeal, position),
    unique (appeal, claimant, slot),
    foreign key (appeal, sanction) references appeals (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction)
  ) ;
---
create table case_information (
    appeal text not null,
    sanction text not null,
    claimant text not null,
    position integer not null,
    text bytea not null,
    at timestamptz not null,
    slot integer not null check (slot between 0 and 7),
    primary key (appeal, position),
    unique (appeal, claimant, slot),
    foreign key (appeal, sanction) references appeals (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction)
  ) ;
---
create table assignments (
    review text not null,
    sanction text not null,
    holder text not null references holders,
    kid text not null references keys,
    at timestamptz not null,
    statement text,
    sealing_kid text,
    keyed_at timestamptz,
    expires_at timestamptz not null,
    released_at timestamptz,
    released_as text check (released_as in ('recused', 'expired', 'decided', 'closed')),
    batch text not null references reviews,
    primary key (review, holder),
    foreign key (review, sanction) references reviews (id, sanction),
    check ((statement is null) = (keyed_at is null) and (statement is null) = (sealing_kid is null)),
    check ((released_at is null) = (released_as is null)),
    constraint assignments_end check (expires_at <= at + interval '44 days')
  ) ;
---
create unique index assignments_one_inspector on assignments (review) where released_at is null and left(review, 4) = 'itm_';
---
create index assignments_sealing_key on assignments (sealing_kid) where sealing_kid is not null;
---
create index assignments_of_holder on assignments (holder) where released_at is null;
---
create index assignments_given_back on assignments (holder, released_at) where released_as = 'recused';
---
create index assignments_lapsing on assignments (holder, expires_at) where released_at is null or released_at >= expires_at;
---
create index assignments_of_batch on assignments (batch, holder);
---
create index assignments_of_sanction on assignments (sanction, holder);
---
create table questions (
    id text primary key check (id ~ '^qst_[0-9a-z]{26}$'),
    appeal text not null,
    sanction text not null,
    holder text not null,
    kind text not null check (kind in ('question', 'gist')),
    text bytea not null,
    asked_at timestamptz not null,
    due_at timestamptz not null,
    answered_at timestamptz,
    claimant text,
    round integer not null check (round between 1 and 3),
    slot integer not null check (slot between 0 and 9),
    unique (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction),
    foreign key (appeal, sanction) references appeals (id, sanction),
    foreign key (appeal, holder) references assignments (review, holder),
    unique (appeal, holder, round, slot)
  ) ;
---
create table question_answers (
    question text not null,
    sanction text not null,
    claimant text not null,
    text bytea not null,
    at timestamptz not null,
    primary key (question, claimant),
    foreign key (question, sanction) references questions (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction)
  ) ;
---
create table appeal_joins (
    appeal text not null,
    sanction text not null,
    claimant text not null,
    ground text not null check (ground in ('not-me', 'recycled', 'facts-wrong', 'wrong-reason', 'disproportionate', 'expression', 'authority', 'minor', 'procedure')),
    words bytea,
    at timestamptz not null,
    keeps_until timestamptz constraint appeal_joins_hold_ends
        check (keeps_until <= at + interval '63 days'),
    withdrawal_at timestamptz check (withdrawal_at >= at),
    withdraws_at timestamptz,
    withdrawal text,
    number integer not null check (number >= 1),
    primary key (appeal, claimant, ground),
    foreign key (appeal, sanction) references appeals (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction)
  ) ;
---
create index appeal_joins_of on appeal_joins (sanction, claimant);
---
create index appeal_joins_numbered on appeal_joins (appeal, number);
---
create index appeal_joins_staying on appeal_joins (appeal) where withdraws_at is null;
---
create index appeal_joins_leaving on appeal_joins (appeal) where withdraws_at is not null;
---
create table appeal_lots (
    appeal text not null,
    sanction text not null,
    claimant text not null,
    way text not null check (way ~ '^(handed|(delivered|ticket):[0-7])$'),
    lot bytea not null check (octet_length(lot) = 16),
    read_at timestamptz,
    primary key (appeal, claimant, way),
    foreign key (appeal, sanction) references appeals (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction)
  ) ;
---
create index appeal_lots_drawn on appeal_lots (appeal, way, lot);
---
create index appeal_lots_read on appeal_lots (appeal) where read_at is not null;
---
create table decisions (
    sanction text not null,
    holder text not null,
    review text not null,
    kid text not null references keys,
    outcome text not null,
    cause text check (cause ~ '^[a-z-]{1,40}$'),
    artefact text not null,
    reasons bytea not null,
    at timestamptz not null,
    serial boolean not null,
    primary key (review, holder),
    foreign key (review, sanction) references reviews (id, sanction),
    foreign key (review, holder) references assignments (review, holder),
    constraint decisions_of_kind check (case left(review, 4) when 'apl_' then outcome in ('upheld', 'amended', 'reversed', 'dismissed', 'finding') when 'itm_' then outcome in ('passed', 'failed') end),
    check (case when outcome in ('reversed', 'finding') then cause is not null
        else cause is null or outcome = 'failed' end)
  ) ;
---
create index decisions_of_sanction on decisions (sanction, holder);
---
create table panel_turns (
    group_name text primary key,
    at timestamptz not null
  ) ;
---
create table redecisions (
    appeal text primary key,
    sanction text not null,
    leaf bytea not null check (octet_length(leaf) = 32),
    size bigint,
    root bytea check (octet_length(root) = 32),
    drawn boolean,
    foreign key (appeal, sanction) references appeals (id, sanction),
    check (num_nonnulls(size, root, drawn) in (0, 3)),
    constraint redecisions_by_hash check (
        drawn = (substring(sha256('recourse/re-decision/1'::bytea || root || leaf) for 4)
          < '\x0ccccccd'::bytea))
  ) ;
---
create index redecisions_undrawn on redecisions (appeal) where drawn is null;
---
create index redecisions_of_sanction on redecisions (sanction);
---
create table deliveries (
    review text not null,
    sanction text not null,
    item integer not null check (item between 0 and 15),
    round integer not null,
    sealed_to text[] not null,
    sealed bytea,
    evidence text not null,
    at timestamptz not null,
    rejected_at timestamptz,
    rejected_why text check (rejected_why in ('illegal-media', 'third-party-data', 'mismatch')),
    primary key (review, item, round),
    foreign key (review, sanction) references reviews (id, sanction),
    check ((rejected_at is null) = (rejected_why is null)),
    check (rejected_at is null or sealed is null)
  ) ;
---
create index deliveries_of_evidence on deliveries (evidence) where sealed is not null;
---
create table disputes (
    review text not null,
    sanction text not null,
    item integer not null check (item between 0 and 15),
    round integer not null,
    holder text not null references holders,
    at timestamptz not null,
    content_key bytea,
    second text references holders,
    assigned_at timestamptz,
    closed_at timestamptz,
    closed_as text check (closed_as in ('void', 'mismatch', 'moot')),
    primary key (review, item, round),
    foreign key (review, sanction) references reviews (id, sanction),
    foreign key (review, item, round) references deliveries (review, item, round),
    foreign key (review, holder) references assignments (review, holder),
    constraint disputes_by_another check (second <> holder),
    check ((second is null) = (assigned_at is null)),
    check ((closed_at is null) = (closed_as is null)),
    check ((closed_at is null) = (content_key is not null)),
    check (closed_as is null or closed_as = 'moot' or second is not null)
  ) ;
---
create unique index disputes_one_open on disputes (review, item) where closed_at is null;
---
create index disputes_waiting on disputes (at) where closed_at is null;
---
create table sealed_evidence (
    id text primary key,
    sealed bytea not null
  ) ;
---
create table challenges (
    item text primary key,
    sanction text not null,
    position integer not null check (position between 0 and 7),
    by_party text not null references parties check (by_party ~ '^plt_'),
    ground text not null check (ground in ('recycled')),
    changed_at timestamptz not null,
    at timestamptz not null,
    closed_at timestamptz,
    foreign key (item, sanction) references panel_items (id, sanction),
    check (changed_at <= at)
  ) ;
---
create unique index challenges_one_open on challenges (sanction, position) where closed_at is null;
---
create table inspection_draws (
    party text not null references parties check (party ~ '^plt_'),
    quarter text not null check (quarter ~ '^[0-9]{4}-Q[1-4]$'),
    size bigint not null,
    root text not null,
    eligible integer not null,
    drawn integer not null check (drawn between 0 and eligible),
    at timestamptz not null,
    primary key (party, quarter)
  ) ;
---
create table inspections (
    id text primary key constraint inspections_id check (id ~ '^itm_[0-9a-z]{26}$'),
    sanction text not null,
    why text not null check (why in ('drawn', 'probation', 're-examination', 'leaving', 'decision', 'cause', 'relay', 'home-reversal')),
    appeal text,
    opened_at timestamptz not null,
    due_at timestamptz not null check (opened_at < due_at),
    after_outcome text check (after_outcome in ('reversed', 'finding')),
    after_cause text check (after_cause in ('error', 'mistaken-identity', 'victim', 'disproportionate', 'expression', 'authority-origin', 'minor', 'insufficient-evidence')),
    deciders text[] not null default '{}',
    suspension text references panel_items,
    evidence_due_at timestamptz,
    evidence_confirmed_at timestamptz,
    closed_at timestamptz,
    closed_as text check (closed_as in ('decided', 'undecided', 'undelivered', 'ended', 'lifted')),
    outcome text check (outcome in ('passed', 'failed')),
    cause text check (cause in ('expression', 'authority-origin')),
    foreign key (id, sanction) references reviews (id, sanction),
    foreign key (appeal, sanction) references appeals (id, sanction),
    check ((why in ('decision', 'cause')) = (appeal is not null)),
    check ((why = 're-examination') = (suspension is not null)),
    constraint inspections_after check (why = 'relay'
      or num_nonnulls(after_outcome, after_cause) = 0 and deciders = '{}'),
    constraint inspections_relay check (why <> 'relay'
      or closed_as is null or closed_as in ('decided', 'undelivered', 'ended')),
    check ((closed_at is null) = (closed_as is null)),
    check (closed_at is null or evidence_due_at is null),
    constraint inspections_outcome check (case closed_as
        when 'decided' then outcome is not null
        when 'undelivered' then outcome is not distinct from 'failed'
        when 'ended' then outcome is distinct from 'passed'
        else outcome is null end),
    constraint inspections_cause check (cause is null
        or (why = 'cause' and closed_as = 'decided' and outcome = 'failed'))
  ) ;
---
create unique index inspections_open on inspections (sanction) where closed_at is null and why <> 'cause';
---
create unique index inspections_one_drawn on inspections (appeal) where why = 'decision';
---
create unique index inspections_one_cause on inspections (appeal) where why = 'cause';
---
create index inspections_confirmed on inspections (closed_at) where cause is not null;
---
create index inspections_of_appeal on inspections (appeal) where appeal is not null;
---
create index inspections_of_sanction on inspections (sanction);
---
create unique index inspections_one_complaint on inspections (sanction) where why = 'home-reversal';
---
create index inspections_complaint_due on inspections (evidence_due_at) where closed_at is null and why = 'home-reversal';
---
create index inspections_due on inspections (due_at) where closed_at is null and suspension is null and why <> 'relay';
---
create index inspections_of_suspension on inspections (suspension) where closed_at is null and suspension is not null;
---
create index inspections_failed on inspections (closed_at) where outcome = 'failed';
---
create table panel_votes (
    item text not null references panel_items,
    holder text not null references holders,
    kid text not null references keys,
    outcome text not null check (outcome in ('suspend', 'refuse', 'uphold', 'lift', 'admit', 'join', 'detach', 'keep', 'strike')),
    artefact text not null,
    reasons bytea,
    strikes text[] not null default '{}',
    at timestamptz not null,
    primary key (item, holder),
    constraint panel_votes_strikes check (strikes = '{}' or outcome = 'strike')
  ) ;
---
create table party_suspensions (
    party text not null references parties check (party ~ '^plt_'),
    cause text not null check (cause ~ '^[a-z-]{1,40}$'),
    since timestamptz not null,
    item text,
    lifted_at timestamptz,
    lifted_by text,
    primary key (party, cause, since),
    foreign key (item, party) references panel_items (id, party),
    foreign key (lifted_by, party) references panel_items (id, party),
    check ((item is not null) = (cause in ('error-rate', 'inquiry', 'speech'))),
    check (lifted_by is null or lifted_at is not null),
    check (lifted_at >= since)
  ) ;
---
create unique index party_suspensions_open on party_suspensions (party, cause) where lifted_at is null;
---
create table party_warnings (
    party text primary key references parties check (party ~ '^plt_'),
    decided integer not null check (decided >= 0),
    reversed integer not null check (reversed between 0 and decided),
    at timestamptz not null
  ) ;
---
create table attestations (
    party text not null references parties check (party ~ '^plt_'),
    quarter text not null check (quarter ~ '^20[0-9]{2}-Q[1-4]$'),
    demands integer not null check (demands >= 0),
    statement text not null,
    kid text not null,
    at timestamptz not null,
    primary key (party, quarter),
    foreign key (kid, party) references keys (kid, party)
  ) ;
---
create table authority_demands (
    id text primary key check (id ~ '^dmd_[0-9a-z]{26}$'),
    party text not null references parties check (party ~ '^plt_'),
    kind text not null check (kind in ('check', 'record')),
    quarter text not null check (quarter ~ '^20[0-9]{2}-Q[1-4]$'),
    received integer not null check (received > 0),
    complied integer not null check (complied >= 0),
    refused integer not null check (refused >= 0),
    at timestamptz not null,
    publish_at timestamptz not null,
    logged boolean not null default false,
    check (complied + refused <= received),
    constraint authority_demands_delay
        check (publish_at between at and at + interval '8760 hours')
  ) ;
---
create index authority_demands_to_log on authority_demands (publish_at) where not logged;
---
create table orders (
    proposal text primary key references proposals,
    sanction text not null references sanctions,
    effect text not null check (effect in ('end', 'restrict')),
    body text not null check (body in ('court', 'data-protection-authority')),
    dated timestamptz not null,
    reference text not null,
    at timestamptz not null,
    check (dated <= at)
  ) ;
---
create index orders_of_sanction on orders (sanction);
---
create table erasure_requests (
    sanction text not null references sanctions,
    claimant text,
    at timestamptz not null,
    act text,
    kept_at timestamptz check (kept_at >= at),
    unique (sanction, claimant, at),
    foreign key (claimant, sanction) references claimants (id, sanction)
  ) ;
---
create unique index erasure_requests_open on erasure_requests (claimant) where kept_at is null;
---
create table remembered (
    hash bytea primary key check (octet_length(hash) = 32),
    cause text check (cause ~ '^[a-z-]{1,40}$'),
    at timestamptz not null,
    until timestamptz not null,
    check (until <= at + interval '25 months')
  ) ;
---
create index remembered_until on remembered (until);
---
create table reversals (
    hash bytea not null check (octet_length(hash) = 32),
    owner bytea not null check (octet_length(owner) = 32),
    outcome text not null check (outcome in ('reversed', 'finding')),
    cause text not null check (cause in ('error', 'mistaken-identity', 'victim', 'disproportionate', 'expression', 'authority-origin', 'minor', 'insufficient-evidence', 'evidence-not-delivered', 'evidence-mismatch', 'conceded', 'key-compromise')),
    deciders text[] not null,
    at timestamptz not null,
    until timestamptz not null,
    primary key (hash, owner, cause, at),
    check (until > at and until <= at + interval '25 months')
  ) ;
---
create index reversals_until on reversals (until);
---
create table ledger_checkpoints (
    size bigint primary key check (size > 0),
    note text not null,
    at timestamptz not null
  ) ;
---
create table ledger_cosignatures (
    size bigint not null references ledger_checkpoints,
    key text not null,
    line text not null,
    at timestamptz not null,
    primary key (size, key)
  ) ;
---
create index ledger_cosignatures_key on ledger_cosignatures (key, size);
---
create table ledger_entries (
    index bigint primary key check (index >= 0),
    leaf bytea not null check (octet_length(leaf) = 32),
    entry text not null check (octet_length(entry) <= 65535)
  ) ;
---
create index ledger_entries_leaf on ledger_entries (leaf);
---
create table ledger_recoveries (
    from_size bigint primary key,
    applied bigint not null check (applied >= from_size),
    counts jsonb not null,
    faults text[] not null,
    finished_at timestamptz
  ) ;
---
create unique index ledger_recoveries_open on ledger_recoveries ((true)) where finished_at is null;
---
create table ledger_losses (
    from_size bigint not null references ledger_recoveries,
    loss bytea not null check (octet_length(loss) = 32),
    primary key (from_size, loss)
  ) ;
---
create table ledger_pending (
    seq bigint generated always as identity primary key,
    entries text[] not null check (cardinality(entries) > 0),
    at timestamptz not null
  ) ;
---
create table ledger_served (
    size bigint primary key references ledger_checkpoints
  ) ;
---
create table ledger_state (
    singleton boolean primary key default true check (singleton),
    size bigint not null,
    root bytea not null check (octet_length(root) = 32),
    epoch bigint not null
  ) ;
---
insert into ledger_state (size, root, epoch) values (0, sha256(''), 0);
---
create table ledger_tiles (
    level integer not null check (level between 0 and 6),
    index bigint not null check (index >= 0),
    hashes bytea not null check (octet_length(hashes) >= 32 and octet_length(hashes) <= 8192 and octet_length(hashes) % 32 = 0),
    primary key (level, index)
  ) ;
---
create table transparency_report (
    singleton boolean primary key default true check (singleton),
    at timestamptz not null,
    document text not null
  ) ;
---
create table witness_policies (
    position integer primary key check (position >= 0),
    entry text not null,
    leaf bytea not null check (octet_length(leaf) = 32)
  ) ;
---
create index witness_policies_leaf on witness_policies (leaf);
---
create table witnesses (
    position bigint generated always as identity primary key,
    party text not null references parties check (party <> 'operator'),
    key text not null,
    name text not null generated always as (split_part(key, '+', 1)) stored,
    public_key bytea not null generated always as (substring(
        decode(substring(key from '^[^+]+[+][0-9a-f]{8}[+](B[A-P][A-Za-z0-9+/]{42})$'), 'base64') from 2)) stored
        check (octet_length(public_key) = 32),
    url text not null,
    registered_at timestamptz not null,
    ended_at timestamptz
  ) ;
---
create unique index witnesses_party on witnesses (party) where ended_at is null;
---
create unique index witnesses_name on witnesses (name) where ended_at is null;
---
create unique index witnesses_public_key on witnesses (public_key) where ended_at is null;
---
create table listed_subjects (
    sanction text not null,
    position integer not null check (position between 0 and 7),
    epoch bigint not null,
    masked bigint not null check (masked between 0 and 4294967295),
    until timestamptz not null,
    primary key (sanction, position, epoch)
  ) ;
---
create index listed_subjects_until on listed_subjects (until);
---
create index listed_subjects_of_epoch on listed_subjects (epoch);
---
create table prefix_changes (
    seq bigint generated always as identity primary key,
    sanction text not null
  ) ;
---
create table prefix_counts (
    epoch bigint not null,
    prefix bigint not null check (prefix between 0 and 4294967295),
    n integer not null constraint prefix_counts_positive check (n >= 0),
    primary key (epoch, prefix)
  ) ;
---
create table prefix_sets (
    epoch bigint primary key,
    version bigint not null check (version > 0),
    bits integer not null,
    tokens bigint not null check (tokens >= 0),
    as_of timestamptz not null,
    constraint prefix_sets_width check (bits >= 1 and bits <= 32
        and 2::numeric ^ (bits - 7) <= greatest(2::numeric ^ 13, 1.25 * tokens))
  ) ;
---
create table prefix_snapshots (
    epoch bigint not null references prefix_sets,
    version bigint not null,
    sha256 bytea not null,
    bytes bytea not null,
    at timestamptz not null,
    primary key (epoch, version),
    check (sha256 = sha256(bytes))
  ) ;
---
create index prefix_snapshots_sha256 on prefix_snapshots (sha256);
---
create table prefix_turn (
    singleton boolean primary key default true check (singleton),
    folded_at timestamptz not null
  ) ;
---
insert into prefix_turn (folded_at) values ('epoch');
---
create table prefix_versions (
    epoch bigint not null references prefix_sets,
    version bigint not null,
    bits integer not null,
    size bigint not null,
    checksum bytea not null check (octet_length(checksum) = 32),
    header text not null,
    as_of timestamptz not null,
    added bytea check (octet_length(added) % 4 = 0),
    removed bytea check (octet_length(removed) % 4 = 0),
    primary key (epoch, version),
    check ((added is null) = (removed is null))
  ) ;
---
create index prefix_versions_as_of on prefix_versions (epoch, as_of);
---
alter table recalls add constraint recalls_acknowledged foreign key (acknowledgement) references acknowledgements (recall);
---
alter table reviews add constraint reviews_of_appeal foreign key (appeal) references appeals;
---
alter table reviews add constraint reviews_of_inspection foreign key (inspection) references inspections;
---
create function groups_of(of_party text, at timestamptz) returns setof text language sql stable as $$
      select g.group_name from party_groups g where g.party = of_party and (g.until is null or g.until > at - interval '24 months')
  and (g.item is null or exists (
    select from panel_items i where i.id = g.item and i.outcome = 'join'))
    $$;
---
create function group_members(of_party text, at timestamptz) returns setof text language sql stable as $$
      select of_party
      union
      select g.party from party_groups g
      where g.group_name in (select o.name from groups_of(of_party, at) as o(name)) and (g.until is null or g.until > at - interval '24 months')
  and (g.item is null or exists (
    select from panel_items i where i.id = g.item and i.outcome = 'join'))
    $$;
---
create function reexamined_until(of_item text) returns timestamptz
  language sql stable strict as $$
    select case when bool_and(t.over_at is not null) then max(t.over_at) end
    from panel_items i
    join party_suspensions u on u.item is not null
      and u.party in (select group_members(i.party, u.since))
    cross join lateral (select coalesce(u.lifted_at, (
      select a.due_at from panel_items a where a.about = u.item and a.closed_at is null)) as over_at) t
    where i.id = of_item
  $$;
---
create view suspended_until as
  select i.id as item, reexamined_until(i.id) as over_at from panel_items i
  where i.outcome = 'suspend' and exists (
    select from inspections u where u.suspension = i.id and u.closed_at is null)
  offset 0;
---
create view open_reviews as
  select id, sanction, language, opened_at, reviewers, assignment_due_at as taken_by, evidence_due_at, evidence_lapses_at,
    least(undecided_at, evidence_lapses_at, withdraws_at) as lapses_at
  from appeals where closed_at is null
  union all
  select u.id, u.sanction, a.language, u.opened_at, 1, u.due_at - interval '14 days',
    u.evidence_due_at, u.evidence_due_at, case when u.why = 'relay' then null when u.suspension is null then least(u.due_at,
      case when u.why = 'home-reversal' then u.evidence_due_at end) else z.over_at end
  from inspections u left join appeals a on a.id = u.appeal left join suspended_until z on z.item = u.suspension
  where u.closed_at is null;
---
create function is_open(of_review text) returns boolean language sql stable as $$
    select exists (select from open_reviews o where o.id = of_review)
  $$;
---
do $$ begin if not exists (select from pg_roles where rolname = 'recourse_service')
    then create role recourse_service nologin; end if; end $$;
---
grant usage on schema public to recourse_service;
---
grant select, insert on parties to recourse_service;
---
grant update (registration, enrolment_kid, active_from, probation_until, left_at, submissions_suspended, checks_stopped, submissions_per_day, elements_per_day, enabled_reasons) on parties to recourse_service;
---
grant select, insert on holders to recourse_service;
---
grant update (term_until, removed_at, excused_at) on holders to recourse_service;
---
grant select, insert on keys to recourse_service;
---
grant update (revoked_at, revoked_why, compromised_since, revocation) on keys to recourse_service;
---
grant select, insert on sanctions to recourse_service;
---
grant update (draft_lapses_at, returned_by, returned, submitted_at, notice_due_at, stated_at, notified_at, others_from, visible_from, version, prior_match, epoch, amended_until, amended_reason, amendment, relayed, backlogged, backlog_over_at, confirmed_at, visible_recorded, end_recorded, ended_early_at, next_at) on sanctions to recourse_service;
---
grant select, insert on panel_items to recourse_service;
---
grant update (closed_at, closed_by, outcome) on panel_items to recourse_service;
---
grant select, insert on admissions to recourse_service;
---
grant select, insert on affiliations to recourse_service;
---
grant select, insert on countersignatures to recourse_service;
---
grant select, insert, delete on invites to recourse_service;
---
grant update (redeemed_at) on invites to recourse_service;
---
grant select, insert on objections to recourse_service;
---
grant select, insert on party_groups to recourse_service;
---
grant update (until) on party_groups to recourse_service;
---
grant select, insert on proposals to recourse_service;
---
grant update (executed_by, executed_at) on proposals to recourse_service;
---
grant select, insert, delete on enrolments to recourse_service;
---
grant select, insert on reenrolments to recourse_service;
---
grant update (stopped_at, stopped_by, kid, enrolled_at) on reenrolments to recourse_service;
---
grant select, insert, delete on sealing_keys to recourse_service;
---
grant update (sealing_kid, statement) on sealing_keys to recourse_service;
---
grant select, insert, delete on answers to recourse_service;
---
grant select, insert on audit to recourse_service;
---
grant select, insert, delete on due_failures to recourse_service;
---
grant update (failures, retry_at, error) on due_failures to recourse_service;
---
grant select, insert on kept_calls to recourse_service;
---
grant select, insert on openings to recourse_service;
---
grant select, insert on refusals to recourse_service;
---
grant update (n) on refusals to recourse_service;
---
grant select, insert on registry_facts to recourse_service;
---
grant select, insert on case_codes to recourse_service;
---
grant update (used_by) on case_codes to recourse_service;
---
grant select, insert on case_keys to recourse_service;
---
grant select, insert on ends to recourse_service;
---
grant select, insert on journals to recourse_service;
---
grant select, insert on notice_deliveries to recourse_service;
---
grant update (language, address, asked_at, expires_at, tries, retry_at, message, result, result_at, again_at, again, again_message, bounced_by, confirmed_by, bounced_at) on notice_deliveries to recourse_service;
---
grant select, insert on sanction_events to recourse_service;
---
grant select, insert on sms_days to recourse_service;
---
grant update (day, sent) on sms_days to recourse_service;
---
grant select, insert on subjects to recourse_service;
---
grant update (detached_at, delivered_at, review_from) on subjects to recourse_service;
---
grant select, insert on submitter_subjects to recourse_service;
---
grant update (submissions) on submitter_subjects to recourse_service;
---
grant select, insert on suspensions to recourse_service;
---
grant update (lifted_at) on suspensions to recourse_service;
---
grant select, insert on rotations to recourse_service;
---
grant select, insert on retokenisations to recourse_service;
---
grant select, insert on alarms to recourse_service;
---
grant update (explained_at, explained) on alarms to recourse_service;
---
grant select, insert on check_meters to recourse_service;
---
grant update (bucket, spent, surplus, at, open_elements, open_expected, open_empty, closed_elements, closed_expected, closed_empty, closed_at) on check_meters to recourse_service;
---
grant select, insert, delete on checks to recourse_service;
---
grant update (empty, asked) on checks to recourse_service;
---
grant select, insert, delete on checked_subjects to recourse_service;
---
grant select, insert on disclosures to recourse_service;
---
grant select, insert on matches to recourse_service;
---
grant update (ref, advice, outcome, outcome_at, reviewed_at, notice_sent_at, reminded_at) on matches to recourse_service;
---
grant select, insert on inquiries to recourse_service;
---
grant update (answer, answered_at) on inquiries to recourse_service;
---
grant select, insert on recalls to recourse_service;
---
grant update (acknowledgement, superseded_by, overdue_at) on recalls to recourse_service;
---
grant select, insert on acknowledgements to recourse_service;
---
grant select, insert, delete on events to recourse_service;
---
grant update (acked_at) on events to recourse_service;
---
grant select, insert on derived_records to recourse_service;
---
grant select, insert on derived_reviews to recourse_service;
---
grant update (confirmed_at, confirmation) on derived_reviews to recourse_service;
---
grant select, insert on evidence_commitments to recourse_service;
---
grant select, insert on claimants to recourse_service;
---
grant update (secret, left_at) on claimants to recourse_service;
---
grant select, insert on case_access to recourse_service;
---
grant update (claimant, since, ended_at) on case_access to recourse_service;
---
grant select, insert, delete on case_contacts to recourse_service;
---
grant update (tries, confirmed_at, told, mailed_at, failures, retry_at) on case_contacts to recourse_service;
---
grant select, insert on claimant_ways to recourse_service;
---
grant update (proven_at, number_since) on claimant_ways to recourse_service;
---
grant select, insert, delete on finds to recourse_service;
---
grant update (tries, used_at) on finds to recourse_service;
---
grant select, insert, delete on guesses to recourse_service;
---
grant update (n) on guesses to recourse_service;
---
grant select, insert, delete on tickets to recourse_service;
---
grant update (used_at) on tickets to recourse_service;
---
grant select, insert on reviews to recourse_service;
---
grant select, insert on appeals to recourse_service;
---
grant update (speech, reviewers, assignment_due_at, evidence_due_at, evidence_lapses_at, evidence_confirmed_at, added_days, decision_due_at, relief_due_at, relief_decided_at, relief_decided_as, withdraws_at, bound, together, reason_told, keeps_until, responded_at, response, closed_at, closed_as, outcome, cause, concession) on appeals to recourse_service;
---
grant select, insert on case_files to recourse_service;
---
grant select, insert on case_information to recourse_service;
---
grant select, insert on assignments to recourse_service;
---
grant update (statement, sealing_kid, keyed_at, expires_at, released_at, released_as) on assignments to recourse_service;
---
grant select, insert on questions to recourse_service;
---
grant update (answered_at) on questions to recourse_service;
---
grant select, insert on question_answers to recourse_service;
---
grant select, insert on appeal_joins to recourse_service;
---
grant update (withdrawal_at, withdraws_at, withdrawal) on appeal_joins to recourse_service;
---
grant select, insert on appeal_lots to recourse_service;
---
grant update (read_at) on appeal_lots to recourse_service;
---
grant select, insert on decisions to recourse_service;
---
grant select, insert on panel_turns to recourse_service;
---
grant update (at) on panel_turns to recourse_service;
---
grant select, insert on redecisions to recourse_service;
---
grant update (size, root, drawn) on redecisions to recourse_service;
---
grant select, insert on deliveries to recourse_service;
---
grant update (sealed, rejected_at, rejected_why) on deliveries to recourse_service;
---
grant select, insert on disputes to recourse_service;
---
grant update (content_key, second, assigned_at, closed_at, closed_as) on disputes to recourse_service;
---
grant select, insert on sealed_evidence to recourse_service;
---
grant select, insert on challenges to recourse_service;
---
grant update (closed_at) on challenges to recourse_service;
---
grant select, insert on inspection_draws to recourse_service;
---
grant select, insert on inspections to recourse_service;
---
grant update (evidence_due_at, evidence_confirmed_at, closed_at, closed_as, outcome, cause) on inspections to recourse_service;
---
grant select, insert on panel_votes to recourse_service;
---
grant select, insert on party_suspensions to recourse_service;
---
grant update (lifted_at, lifted_by) on party_suspensions to recourse_service;
---
grant select, insert on party_warnings to recourse_service;
---
grant update (decided, reversed, at) on party_warnings to recourse_service;
---
grant select, insert on attestations to recourse_service;
---
grant select, insert on authority_demands to recourse_service;
---
grant update (logged) on authority_demands to recourse_service;
---
grant select, insert on orders to recourse_service;
---
grant select, insert on erasure_requests to recourse_service;
---
grant update (kept_at) on erasure_requests to recourse_service;
---
grant select, insert, delete on remembered to recourse_service;
---
grant update (at, until) on remembered to recourse_service;
---
grant select, insert, delete on reversals to recourse_service;
---
grant select, insert on ledger_checkpoints to recourse_service;
---
grant select, insert on ledger_cosignatures to recourse_service;
---
grant select, insert on ledger_entries to recourse_service;
---
grant select on ledger_recoveries to recourse_service;
---
grant select on ledger_losses to recourse_service;
---
grant select, insert, delete on ledger_pending to recourse_service;
---
grant select, insert on ledger_served to recourse_service;
---
grant select on ledger_state to recourse_service;
---
grant update (size, root, epoch) on ledger_state to recourse_service;
---
grant select, insert on ledger_tiles to recourse_service;
---
grant update (hashes) on ledger_tiles to recourse_service;
---
grant select, insert on transparency_report to recourse_service;
---
grant update (at, document) on transparency_report to recourse_service;
---
grant select, insert on witness_policies to recourse_service;
---
grant select, insert on witnesses to recourse_service;
---
grant update (url, ended_at) on witnesses to recourse_service;
---
grant select, insert, delete on listed_subjects to recourse_service;
---
grant select, insert, delete on prefix_changes to recourse_service;
---
grant select, insert, delete on prefix_counts to recourse_service;
---
grant update (n) on prefix_counts to recourse_service;
---
grant select, insert on prefix_sets to recourse_service;
---
grant update (version, bits, tokens, as_of) on prefix_sets to recourse_service;
---
grant select, insert, delete on prefix_snapshots to recourse_service;
---
grant select on prefix_turn to recourse_service;
---
grant update (folded_at) on prefix_turn to recourse_service;
---
grant select, insert, delete on prefix_versions to recourse_service;
---
grant select on kysely_migration to recourse_service;
---
grant select on open_reviews, suspended_until to recourse_service;
---
create function is_new_to(of_sanction text, of_holder text, of_work text)
  returns boolean language sql stable as $$
    select not exists (
        select from assignments c where c.sanction = of_sanction and c.holder = of_holder
          and c.review is distinct from of_work and c.released_as is distinct from 'closed')
      and not exists (
        select from inspections u where u.sanction = of_sanction and of_holder = any(u.deciders))
      and not exists (
        select from disputes p where p.sanction = of_sanction and p.second = of_holder
          and p.review is distinct from of_work and p.closed_as is distinct from 'moot')
  $$;
---
create function is_apart(of_party text, of_holder text, at timestamptz)
  returns boolean language sql stable as $$
    select exists (select from holders h
      where h.party = 'panel' and h.removed_at is null
        and (h.term_until is null or h.term_until > at)
        and not exists (
          select from affiliations a
          where a.holder = h.id and (a.until is null or a.until > at - interval '24 months')
            and array[a.party] <@ array(select group_members(of_party, at)) offset 0) and h.id = of_holder)
  $$;
---
create function is_independent(of_sanction text, of_holder text, at timestamptz)
  returns boolean language sql stable as $$
    select is_apart((select s.party from sanctions s where s.id = of_sanction), of_holder, at)
  $$;
---
create function worked_for_told(of_sanction text, of_holder text, at timestamptz)
  returns boolean language sql stable as $$
    select exists (
      select from affiliations a
      cross join lateral group_members(a.party, at) as theirs(id)
      where a.holder = of_holder and (a.until is null or a.until > at - interval '24 months')
        and theirs.id in (select d.party from disclosures d where d.sanction = of_sanction))
  $$;
---
create function lapses_of(of_holder text, at timestamptz)
  returns integer language sql stable as $$
    select count(distinct c.batch)::int from assignments c join holders h on h.id = c.holder
    left join appeals a on a.id = c.review left join inspections u on u.id = c.review
    where c.holder = of_holder and c.expires_at <= lapses_of.at
      and c.expires_at > greatest(lapses_of.at - interval '90 days', h.excused_at)
      and (c.released_at is null or c.released_at >= c.expires_at)
      and not exists (select from decisions d
        where d.review = c.review and d.holder = c.holder and d.at < c.expires_at)
      and coalesce(least(a.evidence_lapses_at, a.withdraws_at, u.evidence_due_at) > c.expires_at, true)
  $$;
---
create function may_take(of_sanction text, of_holder text, at timestamptz)
  returns boolean language plpgsql stable as $$
    begin
    return (select is_independent(of_sanction, of_holder, at)
      and exists (select from keys k where k.holder = of_holder and k.revoked_at is null)
      and not exists (select from sanctions s join holders h on h.id = of_holder
        where s.id = of_sanction and coalesce(s.amended_reason, s.reason) = any(h.opt_out))
      and lapses_of(of_holder, may_take.at) < 3);
    end
  $$;
---
create function has_new_reviewer(of_sanction text, at timestamptz)
  returns boolean language plpgsql stable as $$
    begin
    return (select exists (select from holders h
      where h.party = 'panel' and h.removed_at is null
        and case when is_new_to(of_sanction, h.id, null)
          then may_take(of_sanction, h.id, has_new_reviewer.at) end));
    end
  $$;
---
create function may_return(of_review text, of_sanction text, of_holder text, at timestamptz)
  returns boolean language plpgsql stable as $$
    begin
      return not exists (select from assignments c where c.sanction = of_sanction and c.holder = of_holder
          and (c.review = of_review or c.released_at is null or c.released_as = 'recused'))
        and not exists (select from disputes p where p.review = of_review and p.second = of_holder)
        and may_take(of_sanction, of_holder, may_return.at);
    end
  $$;
---
create function sits_again(of_review text, of_holder text, at timestamptz)
  returns boolean language plpgsql stable as $$
    declare
      it appeals;
      mine timestamptz;
      places bigint;
    begin
      select * into it from appeals a where a.id = of_review and a.closed_at is null;
      select max(d.at) into mine from decisions d where d.sanction = it.sanction and d.holder = of_holder;
      if mine is null or not may_return(of_review, it.sanction, of_holder, sits_again.at) then
        return false;
      end if;
      places := greatest(it.reviewers, 2) - (
        select count(*) from assignments c where c.review = of_review and c.released_at is null);
      if it.assignment_due_at > sits_again.at and places <= (select count(*) from (
        select from (
          select d.holder from decisions d where d.sanction = it.sanction group by d.holder
          having (max(d.at), d.holder) < (mine, of_holder)) e
        where may_return(of_review, it.sanction, e.holder, sits_again.at) limit places) earlier)
      then
        return false;
      end if;
      return not has_new_reviewer(it.sanction, sits_again.at);
    end
  $$;
---
create function guard_alone() returns trigger language plpgsql as $$
  begin
    if (select count(*) < 2 and bool_or(exists (
        select from decisions e
        where e.sanction = d.sanction and e.holder = d.holder and e.review <> d.review))
      from decisions d where d.review = new.id)
    then
      raise exception 'two in place of one' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create trigger appeals_not_alone before update of closed_as, outcome on appeals
    for each row when (new.closed_as = 'decided') execute function guard_alone();
---
alter table assignments enable row level security;
---
create policy assignments_read on assignments for select to recourse_service using (true);
---
alter table decisions enable row level security;
---
create policy decisions_read on decisions for select to recourse_service using (true);
---
create policy assignments_change on assignments for update to recourse_service using (true) with check (true);
---
create policy assignments_independent on assignments for insert to recourse_service with check (
    is_independent(sanction, holder, at) and is_open(review)
    and (is_new_to(sanction, holder, null) or (exists (select from appeals a where a.id = review and a.reviewers >= 2)
  and sits_again(review, holder, at)))
    and lapses_of(holder, at) < 3);
---
create function assignment_keyed_by_independent() returns trigger language plpgsql as $$
    begin
      if not is_independent(new.sanction, new.holder, new.keyed_at) then
        raise exception 'not independent' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger assignments_keyed before update of keyed_at on assignments
    for each row when (old.keyed_at is null and new.keyed_at is not null)
    execute function assignment_keyed_by_independent();
---
create function guard_question() returns trigger language plpgsql as $$
    begin
      if not exists (select from assignments c where c.review = new.appeal and c.holder = new.holder
        and c.released_at is null and new.asked_at <= c.at + interval '30 days')
      then
        raise exception 'asked too late' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger questions_in_time before insert on questions for each row execute function guard_question();
---
create policy decisions_independent on decisions for insert to recourse_service with check (
    is_independent(sanction, holder, at)
    and exists (select from assignments c where c.review = decisions.review and c.holder = decisions.holder
      and c.released_at is null and c.keyed_at is not null)
    and is_open(review));
---
alter table disputes enable row level security;
---
create policy disputes_read on disputes for select to recourse_service using (true);
---
create policy disputes_assigned on disputes for insert to recourse_service with check (
    is_independent(sanction, holder, at) and second is null
    and exists (select from assignments c where c.review = disputes.review and c.holder = disputes.holder
      and c.released_at is null and c.keyed_at is not null));
---
create policy disputes_independent on disputes for update to recourse_service using (true) with check (
    closed_as is not distinct from 'moot' or second is null or (
      is_independent(sanction, second, coalesce(closed_at, assigned_at))
      and is_new_to(sanction, second, review)
      and not exists (select from assignments c where c.review = disputes.review and c.holder = disputes.second)));
---
create function guard_speech() returns trigger language plpgsql as $$
    declare
      code text; of_proof text;
      begun timestamptz := coalesce((
        select min(j.at) from appeal_joins j where j.appeal = new.id and j.ground = 'expression'), new.opened_at);
      said boolean := new.ground = 'expression' or exists (
        select from appeal_joins j where j.appeal = new.id and j.ground = 'expression');
      relieved boolean; open_now boolean; lately boolean;
    begin
      select coalesce(s.amended_reason, s.reason), s.proof into code, of_proof from sanctions s where s.id = new.sanction;
      relieved := said and code in ('identity.impersonation', 'network.fake-accounts', 'abuse.doxxing', 'abuse.threat', 'abuse.stalking');
      if new.speech <> (said and code in ('identity.impersonation', 'network.fake-accounts', 'network.bulk-spam', 'abuse.doxxing', 'abuse.threat', 'abuse.stalking')) then
        raise exception 'what is speech follows from ground and reason' using errcode = 'check_violation';
      end if;
      if (new.relief_due_at is not null) <> relieved then
        raise exception 'relief is owed of speech alone' using errcode = 'check_violation';
      end if;
      if tg_op = 'UPDATE' and (not relieved or old.relief_due_at is not null) then
        if new.together <> old.together then raise exception 'relief began before' using errcode = 'check_violation'; end if;
        return new;
      end if;
      if of_proof is not null then perform lock_evidence(of_proof); end if;
      open_now := exists (select open_on_same_evidence(new.sanction, new.opened_at));
      lately := open_now or exists (
        select open_on_same_evidence(new.sanction, new.opened_at, begun - interval '1 minute'));
      if new.together and not (relieved and lately) or relieved and open_now and not new.together then
        raise exception 'relief is spared beside another appeal alone' using errcode = 'check_violation';
      end if;
      if tg_op = 'INSERT' and (case when new.beside is null then open_now else not exists (
        select from open_on_same_evidence(new.sanction, new.opened_at, begun - interval '1 minute') as one(id)
        join appeals a on a.id = one.id where coalesce(a.beside, a.id) = new.beside) end)
      then raise exception 'beside another appeal than it stands' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger appeals_speech before insert or update of ground, speech, relief_due_at, together on appeals
    for each row execute function guard_speech();
---
create function guard_spared() returns trigger language plpgsql as $$
    begin
      if not (new.relief_due_at is not null and (
  new.together or exists (
    select from appeals other
    where other.beside = coalesce(new.beside, new.id) and other.id <> new.id
      and other.opened_at < new.relief_due_at and other.opened_at >= (
        select min(j.at) from appeal_joins j where j.appeal = new.id and j.ground = 'expression')))) then raise exception 'its relief is due' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger appeals_spared before update of relief_decided_as on appeals
    for each row when (new.relief_decided_as = 'spared' and old.relief_decided_as is null)
    execute function guard_spared();
---
create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% is final', tg_table_name using errcode = 'check_violation';
    end $$;
---
create trigger appeals_final before update of closed_at, closed_as, outcome, cause, concession, decision_due_at on appeals
  for each row when (old.closed_at is not null) execute function refuse_change();
---
create trigger appeals_relief_final before update of relief_decided_at, relief_decided_as on appeals
  for each row when (old.relief_decided_at is not null) execute function refuse_change();
---
create function guard_keeps() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' and new.keeps_until > new.opened_at + interval '63 days'
        or tg_op = 'UPDATE' and (new.keeps_until is null or new.keeps_until < old.keeps_until
          or not exists (select from appeal_joins j where j.appeal = new.id and j.keeps_until = new.keeps_until))
      then raise exception 'kept for longer than whoever joined' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger appeals_hold_begins before insert on appeals
    for each row when (new.keeps_until is not null) execute function guard_keeps();
---
create trigger appeals_hold_ends before update of keeps_until on appeals
    for each row when (new.keeps_until is distinct from old.keeps_until) execute function guard_keeps();
---
create trigger appeals_joined before update of assignment_due_at, relief_due_at, bound, reason_told on appeals
  for each row when (new.assignment_due_at > old.assignment_due_at
      or (new.bound and not old.bound)
      or (new.reason_told and not old.reason_told)
      or (old.relief_due_at is not null and new.relief_due_at is distinct from old.relief_due_at)) execute function refuse_change();
---
alter table appeal_joins add constraint appeal_joins_withdrawn check (
    (withdraws_at is null) = (withdrawal_at is null)
    and (withdrawal is null or withdraws_at is not null));
---
alter table appeal_joins add constraint appeal_joins_unsigned check (case when withdrawal is null
    then withdraws_at >= withdrawal_at + interval '14 days'
    else withdraws_at >= withdrawal_at end);
---
create function guard_withdrawn() returns trigger language plpgsql as $$
    begin
      if exists (select from appeal_joins j where j.appeal = new.id
        and (j.withdraws_at is null or j.withdraws_at > new.closed_at))
      then raise exception 'not all withdrew' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger appeals_withdrawn before update of closed_as on appeals
    for each row when (new.closed_as = 'withdrawn' and old.closed_as is null)
    execute function guard_withdrawn();
---
create function guard_answer() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from questions q join appeal_joins j on j.appeal = q.appeal and j.claimant = new.claimant
        where q.id = new.question and (q.claimant is null or q.claimant = new.claimant)
      ) then raise exception 'it was not put to them' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger question_answers_joined before insert on question_answers
    for each row execute function guard_answer();
---
create function guard_answered() returns trigger language plpgsql as $$
    begin
      if not is_answered(new.id, new.answered_at) then raise exception 'not all answered' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger questions_answered before update of answered_at on questions
    for each row when (new.answered_at is not null) execute function guard_answered();
---
create function guard_heard() returns trigger language plpgsql as $$
    begin
      if not exists (select from questions q where q.appeal = new.id and q.kind = 'gist')
        or exists (select from questions q where q.appeal = new.id and q.kind = 'gist'
          and q.due_at > new.closed_at and not is_answered(q.id, new.closed_at))
      then raise exception 'not all were heard' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger appeals_heard before update of outcome on appeals
    for each row when (old.outcome is null and new.outcome in ('upheld', 'amended'))
    execute function guard_heard();
---
create function guard_reopened() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from appeals d cross join lateral ways_of(new.claimant, new.opened_at) w
        where d.id = new.reopens and d.outcome = 'dismissed' and is_bound(d.id, w)
          and (d.reopens is null or not is_bound(d.reopens, w))
          and not exists (select from appeals r where r.reopens = d.id and has_joined(r.id, w))
      ) then raise exception 'reopened by nobody whom it bound' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger appeals_reopens before insert on appeals
    for each row when (new.reopens is not null) execute function guard_reopened();
---
create trigger erasure_requests_final before update of kept_at on erasure_requests
  for each row when (old.kept_at is not null) execute function refuse_change();
---
create trigger assignments_final before update of statement, sealing_kid, keyed_at, expires_at, released_at, released_as on assignments
  for each row when (old.released_at is not null) execute function refuse_change();
---
create trigger assignments_batch_final before update of batch on assignments
  for each row when (new.batch <> old.batch) execute function refuse_change();
---
create trigger deliveries_final before update of sealed, rejected_at, rejected_why on deliveries
  for each row when (old.sealed is null) execute function refuse_change();
---
create trigger disputes_final before update of content_key, second, assigned_at, closed_at, closed_as on disputes
  for each row when (old.closed_at is not null) execute function refuse_change();
---
create trigger sanctions_final before update of amended_until, amended_reason, amendment on sanctions
  for each row when (new.amended_until > old.amended_until
      or (old.amended_until is not null and new.amended_until is null)
      or (old.amended_reason is not null and new.amended_reason is null)
      or (old.amendment is not null and new.amendment is null and new.erased_at is null)) execute function refuse_change();
---
create trigger subjects_final before update of detached_at on subjects
  for each row when (old.detached_at is not null) execute function refuse_change();
---
alter table sanctions add constraint sanctions_lesser_life check (least(expires_at, amended_until) <= (incident_to at time zone 'UTC' + make_interval(months => longest_life_months(amended_reason))) at time zone 'UTC');
---
create function series_of(of_holder text, of_sanction text, at timestamptz) returns text
  language sql stable as $$
    select case
      when (select count(*) from decisions d
        where d.holder = of_holder and (d.outcome in ('reversed', 'amended', 'finding', 'dismissed') or d.outcome = 'failed'
  and not exists (select from inspections u where u.id = d.review and u.why = 'cause')) and d.at > series_of.at - interval '24 hours'
      ) >= 10 then 'today'
      when (select count(*) from decisions d join sanctions s on s.id = d.sanction
        where d.holder = of_holder and (d.outcome in ('reversed', 'amended', 'finding', 'dismissed') or d.outcome = 'failed'
  and not exists (select from inspections u where u.id = d.review and u.why = 'cause'))
          and d.at > series_of.at - interval '30 days'
          and s.party in (select group_members(mine.party, series_of.at) from sanctions mine where mine.id = of_sanction)
      ) >= 30 then 'of-group' end
  $$;
---
create function guard_counted() returns trigger language plpgsql as $$
  begin
    perform from holders h where h.id = new.holder for no key update;
    if new.serial <> ((new.outcome in ('reversed', 'amended', 'finding', 'dismissed') or new.outcome = 'failed'
  and not exists (select from inspections u where u.id = new.review and u.why = 'cause')) and series_of(new.holder, new.sanction, new.at) is not null) then
      raise exception 'counted wrong' using errcode = 'check_violation';
    end if;
    if new.serial and new.outcome in ('passed', 'failed') then
      raise exception 'enough for one reviewer' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create trigger decisions_serial before insert on decisions
    for each row execute function guard_counted();
---
create function guard_serial() returns trigger language plpgsql as $$
  begin
    if (select bool_or(d.serial) and count(*) < 3 and (count(*) < 2
        or count(distinct case when d.cause is null then d.outcome else 'wrong' end) > 1)
      from decisions d where d.review = new.id)
    then
      raise exception 'a second confirms' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create trigger appeals_serial_confirmed before update of closed_as, outcome on appeals
    for each row when (new.closed_as = 'decided') execute function guard_serial();
---
create function guard_end_decided() returns trigger language plpgsql as $$
  begin
    if exists (
      select from decisions d
      where d.sanction = new.sanction and d.artefact = new.artefact and not exists (
        select from appeals a where a.id = d.review and a.closed_as = 'decided'
        union all select from inspections u where u.id = d.review and u.closed_as = 'decided')
    ) then
      raise exception 'not decided yet' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create trigger ends_decided before insert on ends
    for each row when (new.artefact is not null) execute function guard_end_decided();
---
create function guard_amendment_decided() returns trigger language plpgsql as $$
  begin
    if exists (
      select from decisions d
      where d.sanction = new.id and d.artefact = new.amendment and not exists (
        select from appeals a where a.id = d.review and a.closed_as = 'decided'
        union all select from inspections u where u.id = d.review and u.closed_as = 'decided')
    ) then
      raise exception 'not decided yet' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create trigger sanctions_amendment_decided before update of amendment on sanctions
    for each row when (new.amendment is not null) execute function guard_amendment_decided();
---
create trigger appeals_reviewers_grow before update of reviewers on appeals
    for each row when (new.reviewers < old.reviewers) execute function refuse_change();
---
create function evidence_in(statement text) returns jsonb language sql immutable strict as $$
    select convert_from(
      decode(rpad(payload, (length(payload) + 3) / 4 * 4, '='), 'base64'), 'utf8')::jsonb -> 'evidence'
    from translate(split_part(statement, '.', 2), '-_', '+/') payload
    where statement ~ '^[\w-]+\.[\w-]+\.[\w-]+$'
  $$;
---
create function proof_of(reason text, evidence jsonb) returns text language sql immutable as $$
    select encode(sha256(convert_to(string_agg(commitment, ',' order by commitment collate "C"), 'utf8')), 'hex')
    from (
      select distinct item ->> 'commitment' as commitment from jsonb_array_elements(evidence) item
      where item ->> 'class' = any(case reason
        when 'fraud.payment' then array['payment-records']
          when 'fraud.scam' then array['victim-report', 'payment-records']
          when 'fraud.phishing' then array['captured-artefact']
          when 'fraud.payout' then array['platform-logs']
          when 'identity.impersonation' then array['claimant-verification']
          when 'identity.forged-document' then array['document-check']
          when 'identity.account-takeover' then array['session-records']
          when 'network.fake-accounts' then array['link-analysis']
          when 'network.fake-engagement' then array['order-records', 'link-analysis']
          when 'network.bulk-spam' then array['volume-logs']
          when 'network.ban-evasion' then array['link-analysis']
          when 'abuse.ncii' then array['review-memo', 'person-shown-report']
          when 'abuse.sextortion' then array['message-records']
          when 'abuse.swatting' then array['provider-reference']
          when 'abuse.doxxing' then array['review-memo', 'victim-report']
          when 'abuse.threat' then array['review-memo']
          when 'abuse.stalking' then array['contact-logs']
          when 'abuse.physical-harm' then array['third-party-record', 'review-memo']
          when 'security.intrusion' then array['security-logs'] end)) as named
  $$;
---
create function assert_evidence() returns trigger language plpgsql as $$
    declare
      evidence jsonb := evidence_in(new.statement);
    begin
      if new.proof is distinct from proof_of(new.reason, evidence) then
        raise exception 'not what it rests on' using errcode = 'check_violation';
      end if;
      if array(select c.commitment from evidence_commitments c where c.sanction = new.id order by 1)
        <> array(select distinct item ->> 'commitment' from jsonb_array_elements(evidence) item order by 1) then
        raise exception 'not what it commits to' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
---
create trigger sanctions_evidence after insert on sanctions
    for each row execute function assert_evidence();
---
create function lock_evidence(of_proof text) returns void language sql as $$
    select pg_advisory_xact_lock(hashtextextended('proof ' || of_proof, 0))
  $$;
---
create function open_on_same_evidence(of_sanction text, at timestamptz, since timestamptz default 'infinity')
    returns setof text language sql stable as $$
    select a.id from sanctions mine
    cross join lateral group_members(mine.party, at) as one(id)
    join sanctions s on s.proof = mine.proof and s.party = one.id and s.id <> mine.id
    join appeals a on a.sanction = s.id and coalesce(a.closed_at, 'infinity') >= since
    where mine.id = of_sanction
  $$;
---
create function assign_together() returns trigger language plpgsql as $$
    begin
      if new.batch <> new.review and not exists (
        select from assignments head
        where head.review = new.batch and head.batch = head.review and head.holder = new.holder and head.at = new.at
          and new.review in (select open_on_same_evidence(head.sanction, new.at))
          and (select count(*) from assignments c
            where c.batch = new.batch and c.holder = new.holder) < 50)
      then
        raise exception 'not of this assignment' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger assignments_together before insert on assignments
    for each row execute function assign_together();
---
create function assignment_key_of_one() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('sealing key ' || new.sealing_kid, 0));
      if exists (select from assignments c where c.sealing_kid = new.sealing_kid
        and (c.batch <> new.batch or c.holder <> new.holder)) then
        raise exception 'the key of another assignment' using errcode = 'unique_violation';
      end if;
      return new;
    end $$;
---
create trigger assignments_with_key before insert or update of sealing_kid on assignments
    for each row when (new.sealing_kid is not null) execute function assignment_key_of_one();
---
create function assert_dropped() returns trigger language plpgsql as $$
    begin
      if exists (
        select from sealed_evidence e where e.id = old.evidence and not exists (
          select from deliveries d where d.evidence = e.id and d.sealed is not null)
      ) then
        raise exception 'kept without a key' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
---
create constraint trigger deliveries_dropped after update of sealed on deliveries deferrable initially deferred
    for each row when (old.sealed is not null and new.sealed is null) execute function assert_dropped();
---
create trigger claimants_left before update on claimants
    for each row when (old.left_at is not null) execute function refuse_change();
---
create trigger claimant_ways_final before update on claimant_ways
    for each row when (new.proven_at < old.proven_at) execute function refuse_change();
---
create trigger claimant_ways_said before update on claimant_ways
    for each row when (old.number_since is not null and new.number_since is distinct from old.number_since)
    execute function refuse_change();
---
create function guard_by_phone() returns trigger language plpgsql as $$
    begin
      if exists (
        select from subjects u where u.sanction = new.sanction and u.position = new.position and u.kind = 'phone'
      ) then raise exception 'they came by a phone' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger claimant_ways_phone before insert on claimant_ways
    for each row when (new.way in ('delivered', 'proof') and not new.by_phone)
    execute function guard_by_phone();
---
create trigger case_access_ended before update on case_access
    for each row when (old.ended_at is not null and new.ended_at is distinct from old.ended_at)
    execute function refuse_change();
---
create function guard_let_in() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from case_access a join claimants c on c.id = a.by_claimant
        where a.by_claimant = new.acts_for and a.kind = new.kind and a.claimant is null
          and a.ended_at is null and a.invite_until > new.since
          and c.left_at is null and c.kind <> 'representative'
      ) then raise exception 'nobody let them in' using errcode = 'check_violation'; end if;
      if new.kind = 'guardian' and not exists (
        select from sanctions s where s.id = new.sanction and s.age = 'minor'
      ) then raise exception 'a guardian acts for a minor' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger claimants_let_in before insert on claimants
    for each row when (new.acts_for is not null) execute function guard_let_in();
---
create trigger case_codes_used before update of used_by on case_codes
    for each row when (old.used_by is not null) execute function refuse_change();
---
create function guard_first_use() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from case_codes o where o.sanction = new.sanction and o.position = new.position
          and o.used_by = new.claimant
      ) then raise exception 'somebody else used it first' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger claimant_ways_first before insert on claimant_ways
    for each row when (new.first_use) execute function guard_first_use();
---
create function guard_vouched() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from matches m where m.sanction = new.sanction and m.purpose = 'vouching'
          and m.told_at = new.at and new.position = any(m.positions)
      ) then raise exception 'nobody who vouched was told' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger claimant_ways_vouched before insert on claimant_ways
    for each row when (new.way = 'ticket') execute function guard_vouched();
---
create function ways_of(of_claimant text, by_then timestamptz) returns setof text
  language sql stable as $$
  select distinct case when not w.proves then of_claimant
    when w.way = 'proof' then 'proof:' || w.position else 'code:' || w.position end
  from claimants c join claimant_ways w on w.claimant in (c.id, c.acts_for) and w.at <= by_then
  where c.id = of_claimant $$;
---
create function has_proven(of_claimant text, by_then timestamptz) returns boolean
  language sql stable as $$
  select exists (select from claimants c join claimant_ways w on w.claimant in (c.id, c.acts_for)
    where c.id = of_claimant and w.proves and w.at <= by_then) $$;
---
create function came_by(of_sanction text, of_way text)
  returns table (claimant text, since timestamptz) language sql stable as $$
  select of_way, '-infinity'::timestamptz where of_way like 'clm%'
  union all
  select c.id, w.at from claimant_ways w join claimants c on c.id = w.claimant or c.acts_for = w.claimant
  where w.sanction = of_sanction and w.proves and w.position = case when of_way not like 'clm%' then right(of_way, 1)::integer end
    and (w.way = 'proof' or of_way like 'code:%') $$;
---
create function heard_until(of_appeal text) returns timestamptz language sql stable as $$
  select coalesce(
    (select max(q.asked_at) from questions q where q.appeal = of_appeal and q.kind = 'gist'),
    (select min(c.keyed_at) from assignments c where c.review = of_appeal and c.released_as = 'decided'),
    (select a.closed_at from appeals a where a.id = of_appeal)) $$;
---
create function read_in(of_appeal text) returns setof text language sql stable as $$
  select l.claimant from appeal_lots l where l.appeal = of_appeal and l.read_at is not null
  union
  select j.claimant from appeals a
  cross join generate_series(0, 7) place
  cross join lateral (
    select w.claimant from claimant_ways w where w.sanction = a.sanction and w.position = place and w.proves
    order by w.at, w.claimant limit 40) p
  join claimants c on c.id = p.claimant or c.acts_for = p.claimant
  join appeal_joins j on j.appeal = a.id and j.claimant = c.id
  where a.id = of_appeal $$;
---
create function has_joined(of_appeal text, of_way text) returns boolean language sql stable as $$
  select exists (select from appeals a cross join lateral came_by(a.sanction, of_way) k
    join appeal_joins j on j.appeal = a.id and j.claimant = k.claimant
    where a.id = of_appeal and k.since <= coalesce(a.closed_at, k.since)) $$;
---
create function is_bound(of_appeal text, of_way text) returns boolean language sql stable as $$
  select exists (select from appeals a cross join lateral came_by(a.sanction, of_way) k
    join appeal_joins j on j.appeal = a.id and j.claimant = k.claimant
    where a.id = of_appeal and a.closed_as = 'decided' and greatest(j.at, k.since) <= heard_until(a.id)
      and (j.withdraws_at is null or j.withdraws_at > a.closed_at)
      and (of_way not like 'clm%' or of_way in (select read_in(a.id)))) $$;
---
create function is_answered(of_question text, by_then timestamptz) returns boolean
  language sql stable as $$
  select not exists (
    select from questions q join appeal_joins j on j.appeal = q.appeal and j.at <= q.asked_at
      and (j.withdraws_at is null or j.withdraws_at > by_then)
    where q.id = of_question and (q.claimant is null or j.claimant = q.claimant)
      and not exists (select from question_answers a where a.question = q.id and a.claimant = j.claimant)
      and exists (
        select ways_of(j.claimant, q.asked_at)
        except
        select w from question_answers a, lateral ways_of(a.claimant, q.asked_at) w where a.question = q.id)) $$;
---
create function case_news(of_sanction text) returns integer language sql stable as $$
  select (
    (select count(*) from sanction_events e where e.sanction = of_sanction)
    + (select count(*) + count(q.answered_at) from inquiries q where q.sanction = of_sanction)
  )::integer $$;
---
create function draw_lots(of_appeal text, drawn timestamptz) returns void language sql as $$
    update appeal_lots l set read_at = drawn
    from (select 'handed' as way union all
  select kind || ':' || place from generate_series(0, 7) place, unnest(array['delivered', 'ticket']) kind) ways cross join lateral (
      select d.claimant, d.way from appeal_lots d where d.appeal = of_appeal and d.way = ways.way
      order by d.lot limit 10) d
    where l.appeal = of_appeal and l.claimant = d.claimant and l.way = d.way and l.read_at is null $$;
---
create function guard_drawn() returns trigger language plpgsql as $$
    begin
      if exists (
        select from (select 'handed' as way union all
  select kind || ':' || place from generate_series(0, 7) place, unnest(array['delivered', 'ticket']) kind) ways cross join lateral (
          select d.read_at from appeal_lots d where d.appeal = to_jsonb(new) ->> tg_argv[0] and d.way = ways.way
          order by d.lot limit 10) d
        where d.read_at is null) then
        raise exception 'nobody drew whom its reviewer reads' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
---
create constraint trigger assignments_draw after update of keyed_at on assignments deferrable initially deferred
    for each row when (old.keyed_at is null and new.keyed_at is not null) execute function guard_drawn('review');
---
create constraint trigger questions_draw after insert on questions deferrable initially deferred
    for each row execute function guard_drawn('appeal');
---
create trigger appeal_lots_final before update of read_at on appeal_lots
    for each row when (old.read_at is not null) execute function refuse_change();
---
create function file_room(of_appeal text, of_claimant text) returns integer language sql stable as $$
    select 2 * (
      has_proven(of_claimant, 'infinity')::integer
      + (select count(*)::integer from questions q where q.appeal = of_appeal and q.kind = 'question'
        and (q.claimant = of_claimant or (q.claimant is null and of_claimant in (select read_in(of_appeal)))))) $$;
---
create function guard_file() returns trigger language plpgsql as $$
    begin
      if new.slot >= file_room(new.appeal, new.claimant) then raise exception 'no room for a file' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger case_files_room before insert on case_files
    for each row execute function guard_file();
---
create function assert_ended_early() returns trigger language plpgsql as $$
    begin
      if exists (
        select from sanctions s left join ends e on e.sanction = s.id
        where s.id = to_jsonb(new) ->> tg_argv[0] and s.ended_early_at is distinct from e.at
      ) then
        raise exception 'ended at another time' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
---
create trigger ends_as_record after insert on ends
    for each row execute function assert_ended_early('sanction');
---
create trigger sanctions_as_end after update of ended_early_at on sanctions
    for each row execute function assert_ended_early('id');
---
create trigger sanctions_inserted_as_end after insert on sanctions
    for each row when (new.ended_early_at is not null) execute function assert_ended_early('id');
---
create function guard_asked() returns trigger language plpgsql as $$
    begin
      raise exception 'what was asked is not taken back' using errcode = 'check_violation';
    end $$;
---
create trigger checks_asked before update of asked on checks for each row
    when (old.asked is not null and new.asked is distinct from '{}'
      and (old.asked = '{}' or (new.asked @> old.asked) is not true))
    execute function guard_asked();
---
create function guard_vouching() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from tickets k join sanctions s on s.id = new.sanction and s.submitted_at <= k.at
        where k.check_id = new.check_id and k.party = new.party and k.used_at is not null
      ) then raise exception 'told without a ticket' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger matches_vouching before insert on matches
    for each row when (new.purpose = 'vouching') execute function guard_vouching();
---
create function assert_rotation() returns trigger language plpgsql as $$
    begin
      if new.epoch > 2 and not exists (
        select from rotations r where r.epoch = new.epoch - 1
          and new.opens_at >= r.opens_at + interval '2160 hours') then
        raise exception 'too soon after the one before' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger rotations_in_order before insert on rotations
    for each row execute function assert_rotation();
---
alter table evidence_commitments enable row level security;
---
create policy evidence_commitments_read on evidence_commitments for select to recourse_service using (true);
---
create policy evidence_commitments_at_once on evidence_commitments for insert to recourse_service with check (
    not exists (select from sanctions s where s.id = evidence_commitments.sanction));
---
create function assert_derived() returns trigger language plpgsql as $$
  declare
    since timestamptz := coalesce(new.drafted_at, new.submitted_at) - interval '8760 hours';
  begin
    if exists (
      select from evidence_commitments mine
      cross join lateral (
        select c.sanction from evidence_commitments c
        where c.commitment = mine.commitment and c.sanction <> new.id offset 0) theirs
      where mine.sanction = new.id and exists (
        select from sanctions s where s.id = theirs.sanction and s.submitted_at <= new.submitted_at
          and not array[s.party] <@ array(select group_members(new.party, new.submitted_at)) offset 0)
    ) or exists (
      select from subjects mine
      cross join lateral (
        select m.party from subjects j join matches m on m.sanction = j.sanction
        where j.lookup = mine.lookup and m.told_at > since
        union all
        select m.party from checked_subjects c join matches m on m.check_id = c.check_id
        where c.lookup = mine.lookup and m.told_at > since) told
      where mine.sanction = new.id
        and array[told.party] <@ array(select group_members(new.party, new.submitted_at))
    ) then
      raise exception 'a derived record that does not say so' using errcode = 'serialization_failure';
    end if;
    return null;
  end $$;
---
create trigger sanctions_derived after insert or update of submitted_at on sanctions
    for each row when (new.submitted_at is not null and not new.prior_match) execute function assert_derived();
---
create function assert_said_derived() returns trigger language plpgsql as $$
    begin
      if not exists (select from sanctions s where s.id = new.derived and s.prior_match) then
        raise exception 'no derived record' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger derived_records_of_derived before insert on derived_records for each row execute function assert_said_derived();
---
create trigger derived_reviews_of_derived before insert on derived_reviews for each row execute function assert_said_derived();
---
create trigger derived_reviews_final before update of confirmed_at, confirmation on derived_reviews
    for each row when (old.confirmed_at is not null) execute function refuse_change();
---
create trigger sanctions_derived_final before update of prior_match on sanctions
    for each row when (old.prior_match or old.submitted_at is not null) execute function refuse_change();
---
create function evaded_records(evaded text) returns jsonb language sql stable strict as $$
    with recursive chain(id) as (
      select evaded
      union
      select s.evades from chain join sanctions s on s.id = chain.id where s.evades is not null
    )
    select jsonb_agg(to_jsonb(l)) from chain cross join lateral (
      select s.id as sanction, s.version, s.submitted_at, s.draft_lapses_at, s.notice_due_at, s.notified_at, s.expires_at,
  s.amended_until, s.confirmed_at, p.left_at, z.before_closes_at as tokens_until,
  e.kind as end_kind, e.cause as end_cause, e.at as end_at,
  a.id as appeal, a.evidence_due_at, a.evidence_lapses_at, a.decision_due_at, a.undecided_at, a.relief_due_at,
  a.relief_decided_at, (a.relief_decided_at is null and (a.relief_due_at is not null and (
  a.together or exists (
    select from appeals other
    where other.beside = coalesce(a.beside, a.id) and other.id <> a.id
      and other.opened_at < a.relief_due_at and other.opened_at >= (
        select min(j.at) from appeal_joins j where j.appeal = a.id and j.ground = 'expression'))))) as relief_spared, a.withdraws_at, a.bound, a.keeps_until,
  i.evidence_due_at as inspection_evidence_due_at, case when i.suspension is not null then i.due_at
    when i.why = 'relay' then i.opened_at end as inspection_examine_by,
  reexamined_until(i.suspension) as inspection_over_at
      from sanctions s join parties p on p.id = s.party
  left join rotations z on z.epoch = s.epoch + 1
  left join ends e on e.sanction = s.id
  left join appeals a on a.sanction = s.id and a.closed_at is null
  left join inspections i on i.sanction = s.id and i.closed_at is null and i.why <> 'cause' where s.id = chain.id) l
  $$;
---
create function refuse_longer_evasion() returns trigger language plpgsql as $$
    begin
      if not exists (select from sanctions s where s.id = new.evades
          and new.expires_at <= least(s.expires_at, s.amended_until)) then
        raise exception 'outlives what it evades' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger sanctions_evading_shorter before insert or update of evades, expires_at on sanctions
    for each row when (new.evades is not null) execute function refuse_longer_evasion();
---
create function guard_proven() returns trigger language plpgsql as $$
    begin
      if new.proven is distinct from has_proven(new.claimant, new.opened_at) then
        raise exception 'an appeal is not opened by such a way' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger appeals_proven before insert on appeals for each row execute function guard_proven();
---
create function struck_cases(upto timestamptz) returns table (item text, id text)
  language sql stable as $$
    select i.id, c.id from panel_items i join panel_votes v on v.item = i.id
    cross join lateral unnest(v.strikes) as c(id)
    where i.kind = 'strikes' and i.outcome = 'strike' and i.closed_by = 'votes' and i.closed_at <= upto
    group by i.id, i.votes, c.id having count(distinct v.holder) * 2 > i.votes
  $$;
---
create function counted_appeals(
    of_party text, since timestamptz, upto timestamptz)
  returns table (id text, sanction text, closed_at timestamptz, reversed boolean)
  language sql stable as $$
    with untrue_quarters as (
      select s.party, date_trunc('quarter', e.at, 'UTC') as quarter, max(u.closed_at) as at
      from sanctions s join inspections u on u.sanction = s.id join ends e on e.sanction = s.id
      where s.party in (select group_members(of_party, upto))
        and u.why = 'home-reversal' and u.outcome = 'failed' and u.closed_at <= upto
      group by 1, 2 having count(*) >= 2
    ), cases as (
      select a.id, s.id as sanction, a.closed_at,
        not (a.closed_as = 'decided' and a.outcome in ('upheld', 'amended')) as reversed,
        a.closed_as = 'conceded' and a.ground = 'not-me' and a.proven
          and a.concession is not distinct from 'victim'
          and a.closed_at <= a.opened_at + interval '7 days' as spared
      from sanctions s join appeals a on a.sanction = s.id
      where s.party in (select group_members(of_party, upto))
        and a.closed_at > since and a.closed_at <= upto
        and a.closed_as in ('decided', 'conceded', 'undelivered')
        and not (a.closed_as = 'decided'
          and (a.outcome = 'dismissed' or a.outcome = 'upheld' and not a.proven))
        and not (a.cause is not distinct from 'evaded-ended' and not exists (
          select from ends e where e.sanction = s.evades and e.kind = 'withdrawn'))
        -- Decided again and found wrong, it counts once, as that.
        and not (a.outcome in ('upheld', 'amended') and exists (
          select from inspections u
          where u.appeal = a.id and u.outcome = 'failed' and u.closed_at <= upto))
      union all
      select u.id, s.id, u.closed_at, true, false
      from sanctions s join inspections u on u.sanction = s.id
      where s.party in (select group_members(of_party, upto)) and u.outcome = 'failed'
        -- Of a home reversal its end counts, since then.
        and u.why <> 'home-reversal'
        and u.closed_at > since and u.closed_at <= upto
        and not exists (select from appeals a where a.id = u.appeal and a.outcome in ('reversed', 'finding'))
      union all
      select case when h.outcome = 'failed' then h.id else e.sanction end, e.sanction, c.at, true, false
      from sanctions s join ends e on e.sanction = s.id
      left join inspections h on h.sanction = s.id and h.why = 'home-reversal'
      left join untrue_quarters f on f.party = s.party and f.quarter = date_trunc('quarter', e.at, 'UTC')
      -- Since when it counts; never while it is apart.
      cross join lateral (select case
        when (e.at <= e.lifted_at + interval '72 hours') is not true then e.at
        when h.outcome = 'failed' then h.closed_at
        when h.id is null then f.at end as at) c
      where s.party in (select group_members(of_party, upto))
        and e.kind = 'withdrawn' and e.cause not in ('submitter-left', 'not-retokenised', 'order', 'no-notice', 'restore') and c.at > since and c.at <= upto
        -- Counted as the inspection that it evaded, or as what was found of it later.
        and not exists (select from inspections u where u.sanction = s.id
          and u.outcome = 'failed' and u.why <> 'home-reversal' and u.closed_at >= e.at and u.closed_at <= upto)
        and not exists (select from appeals a where a.sanction = s.id
          and a.closed_at >= e.at and a.closed_at <= upto
          and (a.outcome = 'finding' or a.closed_as in ('conceded', 'undelivered')))
    ), told as (
      select c.*, count(*) over () as decided,
        row_number() over (partition by c.spared order by c.closed_at, c.id) as place
      from cases c where exists (
        select from disclosures d where d.sanction = c.sanction and d.at <= upto
          and d.party not in (select group_members(of_party, upto)))
        and c.id not in (select x.id from struck_cases(upto) x)
    )
    select t.id, t.sanction, t.closed_at, t.reversed and not (t.spared
      and (t.place <= 3 or t.place * 100 <= t.decided * 5))
    from told t
  $$;
---
create function is_suspended(of_party text, at timestamptz) returns setof boolean
  language sql stable as $$
    select exists (
      select from party_suspensions u
      where u.lifted_at is null and array[u.party] <@ array(select group_members(of_party, at))
        and (u.party = of_party or u.cause <> 'operators')
        and not exists (
          select from panel_items i
          where i.about = u.item and i.closed_at is null and i.due_at <= at)
    ) or exists (
      select from parties p where p.id = of_party and p.submissions_suspended and not exists (
        select from party_suspensions u where u.party = p.id and u.lifted_at is null))
  $$;
---
create function votes_again(of_item text, of_holder text, at timestamptz)
  returns boolean language plpgsql stable as $$
    begin
      return (with asked as (
      select i.party, i.votes, i.about, i.opened_at, o.party as judged, o.opened_at as upto
      from panel_items i join panel_items o on o.id = coalesce(i.about, i.id) where i.id = of_item
    ), acts as (
      select x.holder, max(x.at) as last from (
        select d.holder, d.at from asked q
        cross join lateral counted_appeals(q.judged, q.upto - interval '365 days', q.upto) c
        join decisions d on d.review = c.id
          or d.review = (select u.appeal from inspections u where u.id = c.id)
        union all
        select v.holder, v.at from asked q join panel_votes v on v.item = q.about) x
      group by x.holder
    ), judges as (
      select h.id, t.last from asked q join holders h on h.party = 'panel' left join acts t on t.holder = h.id
      where is_apart(q.party, h.id, votes_again.at)
        and exists (select from keys k where k.holder = h.id and k.revoked_at is null)
    ), missing as (
      select q.votes - (select count(*) from judges where last is null) as n,
        votes_again.at >= q.opened_at + interval '3 days' as late from asked q
    )
    select exists (
      select from judges j, missing m where j.id = of_holder and (j.last is null or m.n > 0 and (m.late
        or m.n >= (select count(*) from judges p where (p.last, p.id) <= (j.last, j.id))))));
    end
  $$;
---
create function named_cause(of_item text, of_holder text)
  returns boolean language sql stable as $$
    select exists (
      select from panel_items i join panel_items asked on asked.id = coalesce(i.about, i.id)
      join decisions d on d.holder = of_holder and d.cause in ('expression', 'authority-origin')
        and d.at <= asked.opened_at and d.at > asked.opened_at - interval '365 days'
      join sanctions s on s.id = d.sanction
      where i.id = of_item and asked.kind = 'speech'
        and s.party in (select group_members(asked.party, asked.opened_at)))
  $$;
---
create function may_vote(of_item text, of_holder text, at timestamptz)
  returns boolean language sql stable as $$
    select exists (
      select from panel_items i
      where i.id = of_item and i.closed_at is null
        and (i.kind = 'admission' or i.due_at > at)
        and is_apart(i.party, of_holder, at)
        and (i.sanction is null or is_independent(i.sanction, of_holder, at)
          and is_new_to(i.sanction, of_holder, i.id))
        and (i.kind not in ('party-suspension', 'inquiry', 'suspension-appeal', 'strikes') or votes_again(i.id, of_holder, may_vote.at))
        and (i.kind <> 'admission' or (
          exists (select from parties p where p.id = i.party and p.objections_until <= at)
          and not exists (select from objections o
            where o.party = i.party and not is_apart(o.by_party, of_holder, at))))
        and (not named_cause(i.id, of_holder) or i.votes > (
          select count(*) from holders h
          where h.party = 'panel' and is_apart(i.party, h.id, at) and not named_cause(i.id, h.id)))
        and not exists (select from party_groups g
          where g.item = i.id and (not is_apart(g.by_party, of_holder, at) or exists (
            select from party_groups theirs where theirs.group_name = g.group_name
              and theirs.item is null and not is_apart(theirs.party, of_holder, at))))
        and not exists (select from challenges c
          where c.item = i.id and not is_apart(c.by_party, of_holder, at))
    )
  $$;
---
create function reviewers_of(of_party text, at timestamptz)
  returns setof integer language sql stable as $$
    select count(*)::int from (
      select from holders h
      where h.party = 'panel' and h.removed_at is null
        and (h.term_until is null or h.term_until > at)
        and not exists (
          select from affiliations a
          where a.holder = h.id and (a.until is null or a.until > at - interval '24 months')
            and array[a.party] <@ array(select group_members(of_party, at)) offset 0)
        and exists (select from keys k where k.holder = h.id and k.revoked_at is null offset 0)
      limit 3) enough
  $$;
---
create function refuse_unheard() returns trigger language plpgsql as $$
    begin
      if (select r.n from reviewers_of(new.party, new.submitted_at) as r(n)) < 3 then
        raise exception 'too few reviewers are independent of its submitter' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
---
create trigger sanctions_heard after insert or update of submitted_at on sanctions
    for each row when (new.submitted_at is not null) execute function refuse_unheard();
---
create function panel_item_by_majority() returns trigger language plpgsql as $$
    begin
      if new.closed_by = 'votes' and (
        select count(*) from panel_votes v where v.item = new.id) < new.votes
      or new.kind = 'admission' and new.closed_by <> 'votes'
      or new.outcome in ('suspend', 'uphold', 'suspend', 'suspend', 'admit', 'join', 'detach', 'strike') and (
        select count(*) from panel_votes v
        where v.item = new.id and v.outcome = new.outcome) * 2 <= new.votes
      then
        raise exception 'no majority' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create function is_named_by_two(of_reviews text[], of_cause text) returns boolean
  language sql stable as $$
    select count(distinct d.holder) > 1 from decisions d
    where d.review = any(of_reviews) and d.cause = of_cause
  $$;
---
create function inspection_by_decision() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from decisions d where d.review = new.id and d.outcome = new.outcome)
      then
        raise exception 'nobody decided that' using errcode = 'check_violation';
      end if;
      if reexamined_until(new.suspension) <= new.closed_at then
        raise exception 'its suspension was lifted' using errcode = 'check_violation';
      end if;
      -- Who reversed the record, and who did not know it.
      if new.cause is not null and not is_named_by_two(array[new.id, new.appeal], new.cause) then
        raise exception 'a second confirms the cause' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create function guard_cause() returns trigger language plpgsql as $$
    begin
      if not is_named_by_two(array[new.id], new.cause) then raise exception 'a second confirms the cause' using errcode = 'check_violation'; end if;
      return new;
    end $$;
---
create trigger appeals_cause_confirmed before update of closed_as, cause on appeals
    for each row when (new.closed_as = 'decided' and new.cause in ('expression', 'authority-origin'))
    execute function guard_cause();
---
create function guard_lifted() returns trigger language plpgsql as $$
    begin
      if (reexamined_until(new.suspension) <= new.closed_at) is not true then
        raise exception 'its suspension stands' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger inspections_lifted before insert or update of closed_as on inspections
    for each row when (new.closed_as = 'lifted') execute function guard_lifted();
---
create function guard_relay() returns trigger language plpgsql as $$
    begin
      if not exists (select from sanctions s left join ends e on e.sanction = s.id
        where s.id = new.sanction
          and coalesce(e.at, s.amended_until, s.expires_at) <= new.closed_at) then
        raise exception 'nobody looked at it' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger inspections_relay_ends before update of closed_as on inspections
    for each row when (new.why = 'relay' and new.closed_as = 'ended') execute function guard_relay();
---
create function suspension_stands() returns trigger language plpgsql as $$
    begin
      if exists (select from party_suspensions s where s.party = new.id and s.lifted_at is null) then
        raise exception 'a cause of suspension stands' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger panel_items_majority before insert or update of closed_by, outcome on panel_items
    for each row when (new.closed_at is not null) execute function panel_item_by_majority();
---
create trigger inspections_decided before insert or update of closed_as, outcome, cause on inspections
    for each row when (new.closed_as = 'decided') execute function inspection_by_decision();
---
create trigger panel_items_final before update on panel_items
    for each row when (old.closed_at is not null) execute function refuse_change();
---
create trigger inspections_final before update on inspections
    for each row when (old.closed_at is not null) execute function refuse_change();
---
create trigger party_suspensions_final before update on party_suspensions
    for each row when (old.lifted_at is not null) execute function refuse_change();
---
create trigger parties_suspension_stands before update of submissions_suspended on parties
    for each row when (old.submissions_suspended and not new.submissions_suspended)
    execute function suspension_stands();
---
alter table panel_votes enable row level security;
---
create policy panel_votes_read on panel_votes for select to recourse_service using (true);
---
alter table party_suspensions enable row level security;
---
create policy party_suspensions_read on party_suspensions for select to recourse_service using (true);
---
alter table inspections enable row level security;
---
create policy inspections_read on inspections for select to recourse_service using (true);
---
create policy inspections_open on inspections for insert to recourse_service with check (
    closed_at is null and (why <> 'relay' or exists (
      select from sanctions s where s.id = inspections.sanction and s.relayed))
    and (why <> 'home-reversal' or exists (
      select from ends e where e.sanction = inspections.sanction and e.lifted_at is not null))
    and (suspension is null or exists (
      select from panel_items i where i.id = suspension and i.outcome = 'suspend'))
    and (appeal is null or exists (
      select from redecisions l
      where l.appeal = inspections.appeal and (why = 'decision' and l.drawn
        or why = 'cause' and exists (
          select from decisions d
          where d.review = l.appeal and d.cause in ('expression', 'authority-origin'))))));
---
create policy inspections_change on inspections for update to recourse_service using (true) with check (true);
---
create policy panel_votes_apart on panel_votes for insert to recourse_service with check (
    may_vote(item, holder, at)
    and (select count(*) from panel_votes v where v.item = panel_votes.item)
      < (select i.votes from panel_items i where i.id = panel_votes.item)
    and (strikes = '{}' or strikes <@ array(
      select c.id from panel_items i
      cross join lateral counted_appeals(i.party, i.opened_at - interval '365 days', i.opened_at) c
      where i.id = panel_votes.item and i.kind = 'strikes')));
---
create policy party_suspensions_decided on party_suspensions for insert to recourse_service with check (
    lifted_at is null
    and (item is not null or cause = 'operators' and exists (
      select from proposals q
      where q.op = 'platforms.suspend' and q.executed_by is not null and q.executed_at = since))
    and (item is null or exists (
      select from panel_items i
      where i.id = party_suspensions.item and i.party = party_suspensions.party
        and i.kind in ('party-suspension', 'inquiry', 'speech') and i.outcome = 'suspend')));
---
create policy party_suspensions_lift on party_suspensions for update to recourse_service
    using (true) with check (item is null or exists (
      select from panel_items i
      where i.id = party_suspensions.lifted_by and i.about = party_suspensions.item
        and i.outcome = 'lift'));
---
alter table redecisions enable row level security;
---
create policy redecisions_read on redecisions for select to recourse_service using (true);
---
create policy redecisions_decided on redecisions for insert to recourse_service with check (
    drawn is null and exists (
      select from appeals a where a.id = redecisions.appeal and a.closed_as = 'decided'));
---
create policy redecisions_seeded on redecisions for update to recourse_service using (true) with check (
    size is null or exists (
      select from ledger_checkpoints c
      where c.size = redecisions.size
        and decode(split_part(c.note, E'\n', 3), 'base64') = redecisions.root
        and c.size = (
          select min(s.size) from ledger_entries e join ledger_served s on s.size > e.index
          where e.leaf = redecisions.leaf)));
---
create trigger redecisions_final before update of size, root, drawn on redecisions
    for each row when (old.drawn is not null) execute function refuse_change();
---
create function may_be_drawn(of_sanction text, at timestamptz)
  returns boolean language sql stable as $$
    select exists (
      select from redecisions r join appeals a on a.id = r.appeal
      where r.sanction = of_sanction and r.drawn is null and a.closed_at > at - interval '1 day')
  $$;
---
create function refuse_shrinking() returns trigger language plpgsql as $$
    begin
      raise exception '% only grows', tg_table_name using errcode = 'check_violation';
    end $$;
---
create trigger ledger_tiles_grow before update on ledger_tiles for each row
    when (substring(new.hashes for octet_length(old.hashes)) is distinct from old.hashes)
    execute function refuse_shrinking();
---
create trigger ledger_state_grows before update on ledger_state for each row
    when (new.size < old.size or new.epoch <= old.epoch
      or (new.size = old.size and new.root is distinct from old.root))
    execute function refuse_shrinking();
---
create trigger ledger_recoveries_grow before update on ledger_recoveries for each row
    when (new.applied < old.applied or old.finished_at is not null) execute function refuse_shrinking();
---
create function refuse_log_key() returns trigger language plpgsql as $$
    declare
      x text := rtrim(translate(encode(new.public_key, 'base64'), '+/', '-_'), '=');
      jwk text := '{"crv":"Ed25519","kty":"OKP","x":"' || x || '"}';
      kid text := rtrim(translate(encode(sha256(convert_to(jwk, 'UTF8')), 'base64'), '+/', '-_'), '=');
    begin
      if exists (select from registry_facts f where f.name = 'log-key' and f.value = kid) then
        raise exception 'the log is no witness of itself' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
---
create trigger witnesses_are_others after insert on witnesses for each row execute function refuse_log_key();
---
create trigger prefix_sets_grow before update on prefix_sets for each row
    when (new.version < old.version or (new.version = old.version
      and (new.bits, new.as_of) is distinct from (old.bits, old.as_of)))
    execute function refuse_shrinking();
---
create function refuse_other_version() returns trigger language plpgsql as $$
    begin
      if not exists (select from prefix_sets s
        where s.epoch = new.epoch and s.version = new.version and s.bits = new.bits) then
        raise exception 'not the version of its set' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
---
create trigger prefix_versions_in_order after insert on prefix_versions
    for each row execute function refuse_other_version();
---
create function refuse_filed_again() returns trigger language plpgsql as $$
    begin
      if exists (
        select from subjects mine
        cross join lateral (
          select u.sanction from subjects u
          where u.lookup = mine.lookup and u.sanction <> mine.sanction offset 0) theirs
        where mine.sanction = new.id and exists (
          select from sanctions s left join ends e on e.sanction = s.id
          where s.id = theirs.sanction and s.submitted_at is not null
            and array[s.party] <@ array(select group_members(new.party, new.submitted_at))
            and (
              (s.incident_from <= new.incident_to and s.incident_to >= new.incident_from)
              or (s.reason = new.reason and e.at >= new.incident_from)) offset 0)
      ) then
        raise exception 'its group has decided this already' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
---
create trigger sanctions_filed_once after insert or update of submitted_at on sanctions
    for each row when (new.submitted_at is not null) execute function refuse_filed_again();
---
create function moved_at(at timestamptz) returns boolean language sql stable as $$
  select exists (
    select from proposals q
    where q.op = 'platforms.setGroup' and q.executed_by is not null and q.executed_at = at)
$$;
---
create function assert_group() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from party_groups g
        where g.party = new.id and g.group_name = new.registration ->> 'group' and g.until is null
      ) or tg_op = 'INSERT' and exists (
        select from party_groups g where g.party = new.id
          and (g.group_name, g.since) is distinct from (new.registration ->> 'group', new.registered_at)
      ) then
        raise exception 'registered in a group that it is not in' using errcode = 'check_violation';
      end if;
      return null;
    end $$;
---
create trigger parties_join after insert on parties
    for each row when (new.registration is not null) execute function assert_group();
---
create trigger parties_in_group after update of registration on parties
    for each row when (new.registration -> 'group' is distinct from old.registration -> 'group')
    execute function assert_group();
---
create function guard_leaving_group() returns trigger language plpgsql as $$
    begin
      if old.until is not null or exists (
        select from sanctions s where s.party = old.party and s.submitted_at > new.until
      ) then
        raise exception 'a membership ends once, after what was done in it' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger party_groups_leaving before update on party_groups
    for each row execute function guard_leaving_group();
---
alter table party_groups enable row level security;
---
create policy party_groups_read on party_groups for select to recourse_service using (true);
---
create policy party_groups_join on party_groups for insert to recourse_service with check (
    until is null and (
      exists (
        select from panel_items i join parties o on o.id = by_party
        where i.id = item and i.kind = 'group' and i.closed_at is null and i.opened_at = since
          and o.active_from <= since and o.left_at is null
          and not exists (
            select from party_groups said
            where said.party = party_groups.party and said.by_party = party_groups.by_party
              and said.since > party_groups.since - interval '365 days'))
      or item is null and (
        not exists (select from party_groups former where former.party = party_groups.party)
        or moved_at(since))));
---
create policy party_groups_leave on party_groups for update to recourse_service
    using (true) with check (moved_at(until));
---
create function is_sandbox() returns boolean language sql stable as $$
  select exists (select from registry_facts where name = 'mode' and value = 'sandbox') $$;
---
create function guard_membership() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' then
      if old.left_at is not null and new.left_at is distinct from old.left_at then
        raise exception 'who left has left' using errcode = 'check_violation';
      end if;
      if new.active_from is not distinct from old.active_from then
        if new.probation_until is distinct from old.probation_until then
          raise exception 'a probation is not changed' using errcode = 'check_violation';
        end if;
      elsif new.active_from is null then
        if not exists (select from objections o where o.party = new.id) then
          raise exception 'nobody objected' using errcode = 'check_violation';
        end if;
      elsif old.active_from is not null or not exists (
        select from admissions a
        where a.party = new.id and a.outcome = 'admitted' and a.at <= new.active_from
      ) then
        raise exception 'the panel admits' using errcode = 'check_violation';
      end if;
    end if;
    if not is_sandbox() and (
      new.objections_until < new.registered_at + interval '336 hours'
      or new.probation_until < new.active_from + interval '2160 hours'
    ) then
      raise exception 'shorter than a window or a probation is' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_quota() returns trigger language plpgsql as $$
  declare
    declared integer := coalesce((new.registration ->> 'signupsPerDay')::integer, 1000);
  begin
    if current_user <> 'recourse_service' then return new; end if;
    if tg_op = 'UPDATE' then
      if new.registration ->> 'signupsPerDay' is distinct from old.registration ->> 'signupsPerDay' then
        raise exception 'signups are declared once' using errcode = 'check_violation';
      end if;
      if new.submissions_per_day is not distinct from old.submissions_per_day
        and new.elements_per_day is not distinct from old.elements_per_day then return new; end if;
    end if;
    if (new.submissions_per_day > declared or new.elements_per_day > 8 * declared)
      and not exists (
        select from proposals p where p.op = 'platforms.setQuota' and p.executed_by is not null
          and p.xmin = pg_current_xact_id()::xid
      ) then
      raise exception 'beyond the declared signups it takes two' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_objection() returns trigger language plpgsql as $$
  begin
    if not exists (select from parties p where p.id = new.party and new.at < p.objections_until) then
      raise exception 'the window is over' using errcode = 'check_violation';
    end if;
    if not exists (
      select from parties p where p.id = new.by_party and p.active_from <= new.at and p.left_at is null
    ) then
      raise exception 'only a member objects' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_check() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from parties p where p.id = new.party and p.active_from <= new.at
        and (p.left_at is null or p.left_at >= new.at)
    ) then
      raise exception 'only a member checks or vouches' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_ticket() returns trigger language plpgsql as $$
  begin
    if new.kind = 'account' and not exists (
      select from parties p where p.id = new.party and p.registration ->> 'domain' = new.domain
    ) then
      raise exception 'vouches for an account of another domain' using errcode = 'check_violation';
    end if;
    if new.kind = 'iban' and not exists (
      select from checks c where c.id = new.proven_by and c.party = new.party and c.asked <> '{}'
        and c.proven_at >= new.at - interval '24 hours'
    ) then
      raise exception 'vouches for an iban without a fresh proof' using errcode = 'check_violation';
    end if;
    if not exists (
      select from checks c where c.id = new.check_id and c.party = new.party and c.at = new.at
        and c.purpose = 'vouching'
    ) then
      raise exception 'a ticket that cost nothing' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_submission() returns trigger language plpgsql as $$
  declare
    p parties%rowtype;
    moment timestamptz := coalesce(new.submitted_at, new.drafted_at);
  begin
    select * into strict p from parties where id = new.party;
    if tg_op = 'INSERT' or new.submitted_at is distinct from old.submitted_at then
      if (p.active_from <= moment and (p.left_at is null or p.left_at >= moment)) is not true then
        raise exception 'only a member submits' using errcode = 'check_violation';
      end if;
      if (select s.stands from is_suspended(new.party, moment) as s(stands)) then
        raise exception 'its group is suspended' using errcode = 'check_violation';
      end if;
      if p.registration -> 'checkOnly' = 'true' then
        raise exception 'check-only' using errcode = 'check_violation';
      end if;
      if new.submitted_at < p.probation_until and (
        select count(*) from sanctions s where s.party = new.party and s.id <> new.id
          and s.submitted_at > new.submitted_at - interval '24 hours'
      ) >= 20 then
        raise exception 'a day of probation is full' using errcode = 'check_violation';
      end if;
    end if;
    if new.submitted_at < p.probation_until
      and new.visible_from < new.notified_at + interval '168 hours' then
      raise exception 'held for longer in probation' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_order() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from proposals q where q.id = new.proposal and q.op = 'orders.execute'
        and q.executed_by is not null
    ) then
      raise exception 'an order is executed by two' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_ordered_end() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from orders o where o.sanction = new.sanction and o.effect = 'end'
    ) then
      raise exception 'no such order' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_ordered_restrict() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from orders o where o.sanction = new.sanction and o.effect = 'restrict'
    ) then
      raise exception 'no such order' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create trigger parties_membership before insert or update of objections_until, active_from, probation_until, left_at on parties
    for each row  execute function guard_membership();
---
create trigger parties_quota before insert or update of registration, submissions_per_day, elements_per_day on parties
    for each row  execute function guard_quota();
---
create trigger objections_objection before insert on objections
    for each row  execute function guard_objection();
---
create trigger checks_check before insert on checks
    for each row  execute function guard_check();
---
create trigger tickets_check before insert on tickets
    for each row  execute function guard_check();
---
create trigger tickets_ticket before insert on tickets
    for each row  execute function guard_ticket();
---
create trigger sanctions_submission before insert or update of submitted_at, notified_at, visible_from on sanctions
    for each row  execute function guard_submission();
---
create trigger orders_order before insert on orders
    for each row  execute function guard_order();
---
create trigger ends_ordered_end before insert on ends
    for each row when (new.cause = 'order') execute function guard_ordered_end();
---
create trigger suspensions_ordered_restrict before insert on suspensions
    for each row when (new.cause = 'order') execute function guard_ordered_restrict();
---
create function guard_delivery() returns trigger language plpgsql as $$
  declare
    s sanctions%rowtype;
    p parties%rowtype;
    held interval := interval '72 hours';
  begin
    select * into strict s from sanctions where id = new.sanction;
    select * into strict p from parties where id = s.party;
    if s.reason in ('fraud.phishing', 'abuse.ncii', 'abuse.sextortion', 'abuse.swatting', 'abuse.physical-harm') then held := interval '0 hours'; end if;
    if s.submitted_at < p.probation_until or s.relayed then held := interval '168 hours'; end if;
    if (new.delivered_at >= s.submitted_at) is not true then
      raise exception 'delivered before it was submitted' using errcode = 'check_violation';
    end if;
    if not exists (
      select from notice_deliveries d
      where d.sanction = new.sanction and d.position = new.position and d.result = 'taken'
    ) then
      raise exception 'nothing was delivered to it' using errcode = 'check_violation';
    end if;
    if not is_sandbox() and new.review_from < new.delivered_at + held then
      raise exception 'reviewed before its hold is over' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_undelivery() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from notice_deliveries d where d.sanction = new.sanction and d.position = new.position
        and d.bounced_at < old.review_from
    ) or exists (
      select from case_codes o where o.sanction = new.sanction and o.position = new.position
        and o.used_by is not null
    ) then
      raise exception 'a delivered notice is not taken back' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_delivery_result() returns trigger language plpgsql as $$
  begin
    if old.result = 'unsent' or (old.result = 'taken' and new.result = 'refused'
      and old.bounced_at is not null and not exists (
        select from subjects u where u.sanction = new.sanction and u.position = new.position
          and u.delivered_at is not null)) then
      return new;
    end if;
    raise exception 'a delivery is over' using errcode = 'check_violation';
  end $$;
---
create function guard_bouncers() returns trigger language plpgsql as $$
  begin
    if exists (
      select from holders h where h.id in (new.bounced_by, new.confirmed_by) and h.party <> 'operator'
    ) then
      raise exception 'they are not of the operator' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_notice() returns trigger language plpgsql as $$
  begin
    if not is_sandbox() and new.others_from < new.notified_at
      + greatest(case when new.relayed then interval '168 hours' else interval '0' end, case when new.reason in ('fraud.phishing', 'abuse.ncii', 'abuse.sextortion', 'abuse.swatting', 'abuse.physical-harm') then interval '72 hours' else interval '336 hours' end) then
      raise exception 'no notice reached them' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_advice() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from subjects u where u.sanction = new.sanction and u.delivered_at is not null
    ) then
      raise exception 'no notice was delivered' using errcode = 'check_violation';
    end if;
    if exists (
      select from inspections i where i.sanction = new.sanction and i.closed_at is null
        and (i.why = 'relay' or i.suspension is not null and i.due_at <= new.told_at - interval '1 minute'
          and (reexamined_until(i.suspension) <= new.told_at) is not true)
    ) then
      raise exception 'nobody examined it in time' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create trigger subjects_delivery before insert or update of delivered_at, review_from on subjects
    for each row when (new.delivered_at is not null) execute function guard_delivery();
---
create trigger subjects_undelivery before update of delivered_at, review_from on subjects
    for each row when (old.delivered_at is not null and new.delivered_at is null)
    execute function guard_undelivery();
---
create trigger notice_deliveries_result before update of result on notice_deliveries
    for each row when (old.result is not null and new.result is distinct from old.result)
    execute function guard_delivery_result();
---
create trigger notice_deliveries_bouncers before insert or update of bounced_by, confirmed_by
    on notice_deliveries for each row when (new.bounced_by is not null)
    execute function guard_bouncers();
---
create trigger notice_deliveries_again before update of again on notice_deliveries
    for each row when (old.again is not null and new.again is distinct from old.again)
    execute function refuse_change();
---
create trigger sanctions_notice before insert or update of notified_at, others_from on sanctions
    for each row when (new.notified_at is not null) execute function guard_notice();
---
create trigger matches_advice before insert or update of advice on matches
    for each row when (new.advice = 'review') execute function guard_advice();
---
create function assert_journal_of_live() returns trigger language plpgsql as $$
    begin
      if not exists (select from sanctions s where s.id = new.sanction and not s.end_recorded) then
        raise exception 'a journal of a record that has ended' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger journals_of_live before insert on journals
    for each row execute function assert_journal_of_live();
---
create function assert_journal_author() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from keys k join sanctions s on s.party = k.party
        where k.kid = new.kid and k.holder = new.holder and k.role = 'trust' and s.id = new.sanction
      ) then
        raise exception 'a journal of nobody of its platform' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger journals_author before insert on journals
    for each row execute function assert_journal_author();
---
create function assert_sealing_key_of_trust() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from keys k where k.kid = new.kid and k.role = 'trust' and k.revoked_at is null
      ) then
        raise exception 'a sealing key of no live trust key' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger sealing_keys_of_trust before insert or update on sealing_keys
    for each row execute function assert_sealing_key_of_trust();
---
create index appeals_decided on appeals (closed_at) where closed_as = 'decided';
---
create function guard_submitter() returns trigger language plpgsql as $$
    begin
      if new.submitter is distinct from (select s.party from sanctions s where s.id = new.sanction) then
        raise exception 'an appeal on a record of another platform' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
---
create trigger appeals_submitter before insert on appeals
    for each row execute function guard_submitter();
---
create index appeals_of_submitter on appeals (submitter, (coalesce(closed_at, 'infinity')));
---
create function backlog_of(of_party text, at timestamptz)
  returns table (waiting integer, decided integer, asked boolean) language sql stable as $$
    select (
      select coalesce(sum(ceil(b.n / 50.0)), 0)::int from (
        select count(*) as n from group_members(of_party, at) as m(party)
        cross join lateral (
          select a.* from appeals a
          where a.submitter = m.party and coalesce(a.closed_at, 'infinity') = 'infinity'
            and a.opened_at <= at - interval '10 days' offset 0) a
        cross join lateral (select s.proof from sanctions s where s.id = a.sanction offset 0) s
        where a.undecided_at > at and (a.evidence_lapses_at is null or a.evidence_lapses_at > at)
          and (a.withdraws_at is null or a.withdraws_at > at)
          and not exists (
            select from assignments c where c.review = a.id
              and least(c.expires_at, c.released_at) > at - interval '10 days')
        group by coalesce(s.proof, a.id)
      ) b
    ), (
      select count(*)::int from group_members(of_party, at) as m(party)
      cross join lateral (
        select from appeals a
        where a.submitter = m.party and coalesce(a.closed_at, 'infinity') > at - interval '30 days' and coalesce(a.closed_at, 'infinity') < 'infinity'
          and coalesce(a.closed_as, '') = 'decided' offset 0) a),
    exists (
      select from group_members(of_party, at) as m(party)
      join panel_items i on i.party = m.party and i.kind = 'speech'
      left join party_suspensions u on u.item = i.id
      where (i.closed_at is null and i.due_at > at) or (u.item is not null and u.lifted_at is null))
  $$;
---
create function is_behind(waiting integer, decided integer, asked boolean)
  returns boolean language sql immutable as $$ select asked or waiting > greatest(20, 2 * decided) $$;
---
create function guard_backlog() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' then
      if old.submitted_at is not null
        and (new.backlogged <> old.backlogged or new.relayed <> old.relayed) then
        raise exception 'whether a record is held for a backlog is decided once' using errcode = 'check_violation';
      end if;
      if new.backlog_over_at is distinct from old.backlog_over_at
        and (old.backlog_over_at is not null or (select is_behind(b.waiting, b.decided, b.asked) from backlog_of(new.party, new.backlog_over_at) b)) then
        raise exception 'too many appeals on records of its group wait' using errcode = 'check_violation';
      end if;
      if old.submitted_at is not null then return new; end if;
    end if;
    if new.submitted_at is not null and not new.backlogged
      and (select is_behind(b.waiting, b.decided, b.asked) from backlog_of(new.party, new.submitted_at) b) then
      raise exception 'too many appeals on records of its group wait' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create trigger sanctions_backlog before insert or update of submitted_at, backlogged, relayed, backlog_over_at
    on sanctions for each row execute function guard_backlog();
---
create function guard_challenge() returns trigger language plpgsql as $$
  begin
    if not (exists (
    select from sanctions s join subjects u on u.sanction = s.id
    where s.id = new.sanction and u.position = new.position
      and u.detached_at is null and u.proven_at < new.changed_at
      and (s.party = new.by_party or exists (
        select from disclosures d where d.sanction = s.id and d.party = new.by_party)))) then
      raise exception 'not of a record that it knows' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_detach() returns trigger language plpgsql as $$
  begin
    if not (exists (select from appeals a where a.sanction = new.sanction and a.outcome = 'amended')
    or exists (
      select from challenges c join panel_items i on i.id = c.item
      where c.sanction = new.sanction and c.position = new.position and i.outcome = 'detach')) then
      raise exception 'nobody decided that' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_confirmed() returns trigger language plpgsql as $$
  begin
    if not (exists (
    select from inspections u join parties p on p.id = new.party
    where u.sanction = new.id and u.outcome = 'passed' and p.left_at <= u.closed_at)) then
      raise exception 'the panel confirms' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create function guard_admission() returns trigger language plpgsql as $$
  begin
    if not (exists (
    select from panel_items i
    where i.id = new.item and i.party = new.party and i.kind = 'admission'
      and new.outcome = case i.outcome when 'admit' then 'admitted' when 'refuse' then 'refused' end)) then
      raise exception 'the panel admits' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
---
create trigger challenges_challenge before insert on challenges
    for each row  execute function guard_challenge();
---
create trigger subjects_detach before update of detached_at on subjects
    for each row when (new.detached_at is not null) execute function guard_detach();
---
create trigger sanctions_confirmed before insert or update of confirmed_at on sanctions
    for each row when (new.confirmed_at is not null) execute function guard_confirmed();
---
create trigger admissions_admission before insert on admissions
    for each row  execute function guard_admission();
---
create trigger challenges_final before update on challenges
    for each row when (old.closed_at is not null) execute function refuse_change();
---
create trigger inquiries_final before update of answer, answered_at on inquiries
    for each row when (old.answered_at is not null) execute function refuse_change();
---
create trigger reenrolments_final before update on reenrolments
    for each row when (num_nonnulls(old.stopped_at, old.enrolled_at) > 0)
    execute function refuse_change();
---
alter table sanctions alter column statement set statistics 0;
---
alter table sanctions alter column returned set statistics 0;
---
alter table sanctions alter column evades set statistics 0;
---
alter table sanctions alter column ref set statistics 0;
---
alter table sanctions alter column proof set statistics 0;
---
alter table sanctions alter column amendment set statistics 0;
---
alter table sanctions alter column commitments set statistics 0;
---
alter table sanctions alter column account set statistics 0;
---
alter table kept_calls alter column sealed set statistics 0;
---
alter table openings alter column opening set statistics 0;
---
alter table case_codes alter column hash set statistics 0;
---
alter table case_codes alter column made_at set statistics 0;
---
alter table case_codes alter column used_by set statistics 0;
---
alter table case_keys alter column wrapped set statistics 0;
---
alter table ends alter column artefact set statistics 0;
---
alter table journals alter column holder set statistics 0;
---
alter table journals alter column version set statistics 0;
---
alter table journals alter column at set statistics 0;
---
alter table journals alter column sealed set statistics 0;
---
alter table subjects alter column kind set statistics 0;
---
alter table subjects alter column control set statistics 0;
---
alter table subjects alter column proven_at set statistics 0;
---
alter table subjects alter column matches_until set statistics 0;
---
alter table subjects alter column detached_at set statistics 0;
---
alter table subjects alter column delivered_at set statistics 0;
---
alter table subjects alter column review_from set statistics 0;
---
alter table subjects alter column sealed set statistics 0;
---
alter table retokenisations alter column at set statistics 0;
---
alter table retokenisations alter column artefact set statistics 0;
---
alter table retokenisations alter column commitments set statistics 0;
---
alter table matches alter column ref set statistics 0;
---
alter table evidence_commitments alter column commitment set statistics 0;
---
alter table claimants alter column id set statistics 0;
---
alter table claimants alter column secret set statistics 0;
---
alter table claimants alter column kind set statistics 0;
---
alter table claimants alter column acts_for set statistics 0;
---
alter table claimants alter column signing_key set statistics 0;
---
alter table claimants alter column since set statistics 0;
---
alter table claimants alter column left_at set statistics 0;
---
alter table case_access alter column by_claimant set statistics 0;
---
alter table case_access alter column place set statistics 0;
---
alter table case_access alter column kind set statistics 0;
---
alter table case_access alter column invite set statistics 0;
---
alter table case_access alter column invited_at set statistics 0;
---
alter table case_access alter column invite_until set statistics 0;
---
alter table case_access alter column claimant set statistics 0;
---
alter table case_access alter column since set statistics 0;
---
alter table case_access alter column ended_at set statistics 0;
---
alter table case_access alter column name set statistics 0;
---
alter table claimant_ways alter column claimant set statistics 0;
---
alter table claimant_ways alter column way set statistics 0;
---
alter table claimant_ways alter column first_use set statistics 0;
---
alter table claimant_ways alter column proves set statistics 0;
---
alter table claimant_ways alter column by_phone set statistics 0;
---
alter table claimant_ways alter column at set statistics 0;
---
alter table claimant_ways alter column proven_at set statistics 0;
---
alter table claimant_ways alter column number_since set statistics 0;
---
alter table appeals alter column claimant set statistics 0;
---
alter table appeals alter column words set statistics 0;
---
alter table appeals alter column news set statistics 0;
---
alter table appeals alter column response set statistics 0;
---
alter table case_files alter column claimant set statistics 0;
---
alter table case_files alter column sealed set statistics 0;
---
alter table case_files alter column size set statistics 0;
---
alter table case_files alter column at set statistics 0;
---
alter table case_files alter column slot set statistics 0;
---
alter table case_information alter column claimant set statistics 0;
---
alter table case_information alter column text set statistics 0;
---
alter table case_information alter column at set statistics 0;
---
alter table case_information alter column slot set statistics 0;
---
alter table questions alter column id set statistics 0;
---
alter table questions alter column holder set statistics 0;
---
alter table questions alter column kind set statistics 0;
---
alter table questions alter column text set statistics 0;
---
alter table questions alter column asked_at set statistics 0;
---
alter table questions alter column due_at set statistics 0;
---
alter table questions alter column answered_at set statistics 0;
---
alter table questions alter column claimant set statistics 0;
---
alter table questions alter column round set statistics 0;
---
alter table questions alter column slot set statistics 0;
---
alter table question_answers alter column question set statistics 0;
---
alter table question_answers alter column claimant set statistics 0;
---
alter table question_answers alter column text set statistics 0;
---
alter table question_answers alter column at set statistics 0;
---
alter table appeal_joins alter column claimant set statistics 0;
---
alter table appeal_joins alter column ground set statistics 0;
---
alter table appeal_joins alter column at set statistics 0;
---
alter table appeal_joins alter column keeps_until set statistics 0;
---
alter table appeal_joins alter column withdrawal_at set statistics 0;
---
alter table appeal_joins alter column withdraws_at set statistics 0;
---
alter table appeal_joins alter column withdrawal set statistics 0;
---
alter table appeal_joins alter column number set statistics 0;
---
alter table appeal_joins alter column words set statistics 0;
---
alter table appeal_lots alter column claimant set statistics 0;
---
alter table appeal_lots alter column way set statistics 0;
---
alter table appeal_lots alter column lot set statistics 0;
---
alter table appeal_lots alter column read_at set statistics 0;
---
alter table decisions alter column artefact set statistics 0;
---
alter table decisions alter column reasons set statistics 0;
---
alter table redecisions alter column leaf set statistics 0;
---
alter table redecisions alter column size set statistics 0;
---
alter table redecisions alter column root set statistics 0;
---
alter table redecisions alter column drawn set statistics 0;
---
alter table deliveries alter column sealed set statistics 0;
---
alter table disputes alter column content_key set statistics 0;
---
alter table erasure_requests alter column claimant set statistics 0;
---
alter table erasure_requests alter column act set statistics 0;
---
alter table answers alter column body set statistics 0;
---
alter table checks alter column asked set statistics 0;
---
alter table case_contacts alter column address set statistics 0;
---
alter table notice_deliveries alter column address set statistics 0;
---
alter table case_contacts alter column stop set statistics 0;
---
alter table tickets alter column request set statistics 0;
---
alter table tickets alter column lookup set statistics 0;
---
alter table invites alter column code_hash set statistics 0;
---
create function drop_evidence(ids text[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
    #variable_conflict use_column
    begin
      perform from sealed_evidence e where e.id = any(ids) order by e.id for update;
      delete from sealed_evidence e where e.id = any(ids) and not exists (
        select from deliveries d where d.evidence = e.id and d.sealed is not null);
    end $$;
---
create function take_texts(of_sanction text, erased_when timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
    #variable_conflict use_column
    declare
      keyed text[] := array(select d.evidence from deliveries d where d.sanction = of_sanction and d.sealed is not null);
    begin
      delete from submitter_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction);
      delete from checked_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction);
      update notice_deliveries set address = null
      where sanction = of_sanction and address is not null;
      update panel_votes set reasons = '' where item in (
        select id from panel_items where sanction = of_sanction);
      update disputes set content_key = null where sanction = of_sanction and content_key is distinct from null;
      update deliveries set sealed = null where sanction = of_sanction and sealed is distinct from null;
      update decisions set reasons = '' where sanction = of_sanction and reasons is distinct from '';
      update appeal_joins set words = null where sanction = of_sanction and words is distinct from null;
      delete from question_answers where sanction = of_sanction;
      delete from questions where sanction = of_sanction;
      delete from case_information where sanction = of_sanction;
      delete from case_files where sanction = of_sanction;
      update appeals set response = null where sanction = of_sanction and response is distinct from null;
      update appeals set news = null where sanction = of_sanction and news is distinct from null;
      update appeals set words = '' where sanction = of_sanction and words is distinct from '';
      update case_access set name = '' where sanction = of_sanction and name is distinct from '';
      delete from subjects where sanction = of_sanction;
      delete from journals where sanction = of_sanction;
      delete from kept_calls where sanction = of_sanction;
      perform drop_evidence(keyed);
      update sanctions set returned = null, account = '', texts_erased_at = coalesce(texts_erased_at, erased_when) where id = of_sanction;
    end $$;
---
create function take_subject(of_sanction text, of_position integer) returns void language plpgsql security definer set search_path = public, pg_temp as $$
    #variable_conflict use_column
    begin
      delete from submitter_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction and position = of_position);
      delete from checked_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction and position = of_position);
      update notice_deliveries set address = null
      where sanction = of_sanction and position = of_position and address is not null;
      delete from case_codes where sanction = of_sanction and position = of_position;
      delete from kept_calls where sanction = of_sanction;
      delete from journals where sanction = of_sanction;
      delete from subjects where sanction = of_sanction and position = of_position;
    end $$;
---
create function take_case(of_sanction text, erased_when timestamptz, its_leaf bytea) returns void language plpgsql security definer set search_path = public, pg_temp as $$
    #variable_conflict use_column
    begin
      delete from case_contacts where sanction = of_sanction;
      perform take_texts(of_sanction, erased_when);
      update erasure_requests set claimant = null where sanction = of_sanction and claimant is distinct from null;
      update erasure_requests set act = null where sanction = of_sanction and act is distinct from null;
      delete from redecisions where sanction = of_sanction;
      update decisions set artefact = '' where sanction = of_sanction and artefact is distinct from '';
      delete from appeal_lots where sanction = of_sanction;
      delete from appeal_joins where sanction = of_sanction;
      update appeals set claimant = null where sanction = of_sanction and claimant is distinct from null;
      delete from claimant_ways where sanction = of_sanction;
      delete from case_access where sanction = of_sanction;
      delete from claimants where sanction = of_sanction;
      delete from evidence_commitments where sanction = of_sanction;
      update matches set ref = null where sanction = of_sanction and ref is distinct from null;
      delete from retokenisations where sanction = of_sanction;
      update ends set artefact = null where sanction = of_sanction and artefact is distinct from null;
      delete from case_keys where sanction = of_sanction;
      delete from case_codes where sanction = of_sanction;
      update openings set opening = '' where sanction = of_sanction and opening is distinct from '';
      delete from answers where sanction = of_sanction;
      update checks set ref = null where ref is not null and id in (
        select check_id from matches where sanction = of_sanction)
        and not exists (
          select from matches m join sanctions s on s.id = m.sanction
          where m.check_id = checks.id and s.id <> of_sanction and s.erased_at is null);
      update sanctions set statement = '', evades = null, ref = null, proof = null, amendment = null, commitments = '{}', erased_at = erased_when, erased_leaf = its_leaf where id = of_sanction;
    end $$;
---
create function asked_positions(of_sanction text, by_then timestamptz) returns setof integer
    language sql stable as $$
    select distinct w.position from erasure_requests q join claimants c on c.id = q.claimant
    join claimant_ways w on w.claimant in (c.id, c.acts_for) and w.proves and w.at <= q.at
    where q.sanction = of_sanction and q.kept_at is null
      and q.at + interval '30 days' <= by_then
    $$;
---
create function erasure_asked(of_sanction text, by_then timestamptz) returns boolean
    language sql stable as $$
    select exists (select from asked_positions(of_sanction, by_then))
      and not exists (
        select position from subjects where sanction = of_sanction
        union all
        select w.position from claimants c join claimant_ways w on w.claimant = c.id and w.proves
        where c.sanction = of_sanction and c.left_at is null and c.kind <> 'representative'
        except
        select asked_positions(of_sanction, by_then))
    $$;
---
create function may_subject_be_erased(of_sanction text, of_position integer, erased_when timestamptz)
    returns boolean language sql stable as $$
    select exists (
      select from sanctions s where s.id = of_sanction and s.end_recorded and s.erased_at is null
        and of_position in (select asked_positions(s.id, erased_when))
        and not exists (select from appeals a where a.sanction = s.id and a.closed_at is null)
        and not exists (select from recalls r where r.sanction = s.id
          and r.acknowledgement is null and r.superseded_by is null))
    $$;
---
create function may_be_erased(of_sanction text, step text, erased_when timestamptz) returns boolean
    language sql stable as $$
    select exists (
      select from sanctions s left join ends e on e.sanction = s.id
      where s.id = of_sanction and s.end_recorded and s.erased_at is null
        and not exists (select from appeals a where a.sanction = s.id and a.closed_at is null)
        and not exists (select from inspections u where u.sanction = s.id and u.closed_at is null)
        and not exists (select from recalls r where r.sanction = s.id
          and r.acknowledgement is null and r.superseded_by is null)
        and (
          (step = 'texts' and not may_be_drawn(s.id, erased_when) and (e.kind = 'reversed' or exists (
            select from sanction_events f where f.sanction = s.id and f.event = 'finding')))
          or erasure_asked(s.id, erased_when)
          or coalesce(e.at, least(s.expires_at, s.amended_until)) + interval '180 days' <= erased_when
          or exists (select from registry_facts f where f.name = 'mode' and f.value = 'sandbox')))
    $$;
---
create function erase_texts(of_sanction text, erased_when timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
    #variable_conflict use_column
    begin
      if not may_be_erased(of_sanction, 'texts', erased_when) then
        raise exception 'not to be erased yet' using errcode = 'check_violation';
      end if;
      perform take_texts(of_sanction, erased_when);
    end $$;
---
create function erase_subject(of_sanction text, of_position integer, erased_when timestamptz)
    returns void language plpgsql security definer set search_path = public, pg_temp as $$
    #variable_conflict use_column
    begin
      if not may_subject_be_erased(of_sanction, of_position, erased_when) then
        raise exception 'not to be erased yet' using errcode = 'check_violation';
      end if;
      perform take_subject(of_sanction, of_position);
    end $$;
---
create function erase_case(of_sanction text, erased_when timestamptz, its_leaf bytea) returns void language plpgsql security definer set search_path = public, pg_temp as $$
    #variable_conflict use_column
    begin
      if not may_be_erased(of_sanction, 'case', erased_when) then
        raise exception 'not to be erased yet' using errcode = 'check_violation';
      end if;
      perform take_case(of_sanction, erased_when, its_leaf);
    end $$;
---
revoke execute on function drop_evidence, take_texts, take_subject, take_case, erase_texts, erase_subject, erase_case from public;
---
grant execute on function drop_evidence, erase_texts, erase_subject, erase_case to recourse_service;
