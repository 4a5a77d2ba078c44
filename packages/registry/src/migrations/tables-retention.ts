export const retentionTables = [
  // What an erasure leaves of a subject. The hash is over what it is about, so the row says nothing to whoever has it alone.
  `create table remembered (
    hash bytea primary key check (octet_length(hash) = 32),
    -- Of an end; none where a platform was told
    cause text check (cause ~ '^[a-z-]{1,40}$'),
    at timestamptz not null,
    until timestamptz not null,
    check (until <= at + interval '25 months')
  )`,
  `create index remembered_until on remembered (until)`,
  `create table erasure_requests (
    sanction text not null references sanctions,
    -- None where only the log tells of it, and once the case is erased
    claimant text,
    at timestamptz not null,
    -- What they signed
    act text,
    kept_at timestamptz check (kept_at >= at),
    unique (sanction, claimant, at),
    foreign key (claimant, sanction) references claimants (id, sanction)
  )`,
  `create unique index erasure_requests_open on erasure_requests (claimant) where kept_at is null`,
  // What ends with a time of its own.
  `create index answers_at on answers (at)`,
  `create index checks_at on checks (at)`,
  `create index events_at on events (acked_at, at)`,
  `create index matches_of_check on matches (check_id)`,
];
