export const checkTables = [
  `create table checks (
    id text primary key check (id ~ '^chk_[0-9a-z]{26}$'),
    party text not null references parties,
    purpose text not null check (purpose in
      ('signup', 'monetisation', 'payout-change', 'account-recovery', 'safety-review')),
    elements integer not null,
    proven_at timestamptz,
    at timestamptz not null
  )`,
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
    told_at timestamptz not null,
    due_at timestamptz not null,
    outcome text check (outcome in ('pending', 'admitted', 'admitted-with-safeguards', 'refused')),
    outcome_at timestamptz,
    reviewed_at timestamptz,
    notice_sent_at timestamptz,
    unique (check_id, sanction, version),
    -- No match without the disclosure that a recall is owed for.
    foreign key (sanction, version, party) references disclosures (sanction, version, party),
    -- A refusal is a person's review, later than the match, and told to the creator.
    check (outcome is null or outcome in ('pending', 'admitted') or
      (reviewed_at is not null and notice_sent_at is not null and outcome_at is not null and
        reviewed_at between told_at + interval '10 minutes' and outcome_at and
        notice_sent_at between told_at and outcome_at))
  )`,
  `create index matches_owed on matches (party, told_at) where outcome is null or outcome = 'pending'`,
  `create index matches_of_sanction on matches (sanction, party)`,
  `create table recalls (
    id text primary key check (id ~ '^rcl_[0-9a-z]{26}$'),
    sanction text not null,
    version integer not null,
    party text not null,
    kind text not null check (kind in ('undo', 'pause', 'correct')),
    issued_at timestamptz not null,
    due_at timestamptz not null,
    unique (sanction, version, party)
  )`,
];
