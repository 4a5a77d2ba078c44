import { mostPrefixBits } from '../kernel/bounds.ts';

/**
 * The prefix set of each epoch of tokens. Rows of single records have their prefixes masked; in the clear is only what
 * is published.
 */
export const prefixTables = [
  // Records of which something changed that a set may depend on. Who folds looks at the record: a mark says no more.
  `create table prefix_changes (
    seq bigint generated always as identity primary key,
    sanction text not null
  )`,
  // Whoever has the one row FOR UPDATE folds and publishes.
  `create table prefix_turn (
    singleton boolean primary key default true check (singleton),
    -- What was recorded by then, and is not marked, is counted
    folded_at timestamptz not null
  )`,
  `insert into prefix_turn (folded_at) values ('epoch')`,
  // What is counted, until when. It outlives its subject by the seconds until it is folded.
  `create table listed_subjects (
    sanction text not null,
    position integer not null check (position between 0 and 7),
    epoch bigint not null,
    masked bigint not null check (masked between 0 and ${2 ** 32 - 1}),
    until timestamptz not null,
    primary key (sanction, position, epoch)
  )`,
  `create index listed_subjects_until on listed_subjects (until)`,
  `create index listed_subjects_of_epoch on listed_subjects (epoch)`,
  `create table prefix_sets (
    epoch bigint primary key,
    version bigint not null check (version > 0),
    -- Never more than tells one in about a hundred: nobody gets tokens in bulk
    bits integer not null,
    tokens bigint not null check (tokens >= 0),
    as_of timestamptz not null,
    constraint prefix_sets_width check (bits between 1 and ${mostPrefixBits}
      and 2::numeric ^ (bits - 7) <= greatest(2::numeric ^ 13, 1.25 * tokens))
  )`,
  `create table prefix_counts (
    epoch bigint not null,
    prefix bigint not null check (prefix between 0 and ${2 ** 32 - 1}),
    -- Two tokens may share a prefix: it leaves the set with the last of them
    n integer not null constraint prefix_counts_positive check (n >= 0),
    primary key (epoch, prefix)
  )`,
  `create table prefix_versions (
    epoch bigint not null references prefix_sets,
    version bigint not null,
    bits integer not null,
    size bigint not null,
    -- SHA-256 of the set, as its header says
    checksum bytea not null check (octet_length(checksum) = 32),
    header text not null,
    as_of timestamptz not null,
    -- Sorted prefixes of four bytes each; none where the set was made anew
    added bytea check (octet_length(added) % 4 = 0),
    removed bytea check (octet_length(removed) % 4 = 0),
    primary key (epoch, version),
    check ((added is null) = (removed is null))
  )`,
  `create index prefix_versions_as_of on prefix_versions (epoch, as_of)`,
  `create table prefix_snapshots (
    epoch bigint not null references prefix_sets,
    version bigint not null,
    sha256 bytea not null,
    bytes bytea not null,
    at timestamptz not null,
    primary key (epoch, version),
    check (sha256 = sha256(bytes))
  )`,
  `create index prefix_snapshots_sha256 on prefix_snapshots (sha256)`,
];

/** A version comes once, after all before it. */
export const prefixGuards = [
  `create trigger prefix_sets_grow before update on prefix_sets for each row
    when (new.version < old.version or (new.version = old.version
      and (new.bits, new.as_of) is distinct from (old.bits, old.as_of)))
    execute function refuse_shrinking()`,
  `create function refuse_other_version() returns trigger language plpgsql as $$
    begin
      if not exists (select from prefix_sets s
        where s.epoch = new.epoch and s.version = new.version and s.bits = new.bits) then
        raise exception 'not the version of its set' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  `create trigger prefix_versions_in_order after insert on prefix_versions
    for each row execute function refuse_other_version()`,
];
