/**
 * The log. Entries and full tiles are written once; partial tiles and the state only grow. Against whoever owns
 * the database stand the signed checkpoints outside it.
 */
export const ledgerTables = [
  `create table ledger_pending (
    seq bigint generated always as identity primary key,
    -- JCS of the entries of one commit: they stand together in the log
    entries text[] not null check (cardinality(entries) > 0),
    at timestamptz not null
  )`,
  // Whoever has the one row FOR UPDATE sequences.
  `create table ledger_state (
    singleton boolean primary key default true check (singleton),
    size bigint not null,
    root bytea not null check (octet_length(root) = 32),
    -- One more with each commit of a sequencer: what one of them remembers is stale where it differs
    epoch bigint not null
  )`,
  `insert into ledger_state (size, root, epoch) values (0, sha256(''), 0)`,
  `create table ledger_entries (
    index bigint primary key check (index >= 0),
    leaf bytea not null check (octet_length(leaf) = 32),
    -- JCS; the bytes of it are the leaf
    entry text not null check (octet_length(entry) <= 65535)
  )`,
  `create index ledger_entries_leaf on ledger_entries (leaf)`,
  `create table ledger_tiles (
    level integer not null check (level between 0 and 6),
    index bigint not null check (index >= 0),
    -- 1 to 256 of 32 bytes
    hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
    primary key (level, index)
  )`,
  `create table ledger_checkpoints (
    size bigint primary key check (size > 0),
    -- The checkpoint with the signature of the log
    note text not null,
    at timestamptz not null
  )`,
  `create table ledger_recoveries (
    -- The size of the log in the database that was restored
    from_size bigint primary key,
    -- What the entries before this one say has been done
    applied bigint not null check (applied >= from_size),
    counts jsonb not null,
    -- What differed from the log before: hashes
    faults text[] not null,
    finished_at timestamptz
  )`,
  // What a recovery could not bring back: a hash each. Its entry in the log commits to all of them.
  `create table ledger_losses (
    from_size bigint not null references ledger_recoveries,
    loss bytea not null check (octet_length(loss) = 32),
    primary key (from_size, loss)
  )`,
  // Until it is finished nothing is signed.
  `create unique index ledger_recoveries_open on ledger_recoveries ((true)) where finished_at is null`,
  `create table ledger_cosignatures (
    size bigint not null references ledger_checkpoints,
    -- Verifier key of the witness
    key text not null,
    -- Signature line, verified before it came here
    line text not null,
    at timestamptz not null,
    primary key (size, key)
  )`,
  `create index ledger_cosignatures_key on ledger_cosignatures (key, size)`,
  // Checkpoints that readers were shown. Nothing is taken out: the largest of them never becomes smaller.
  `create table ledger_served (size bigint primary key references ledger_checkpoints)`,
  `create table witnesses (
    position bigint generated always as identity primary key,
    party text not null references parties check (party <> 'operator'),
    key text not null,
    name text not null generated always as (split_part(key, '+', 1)) stored,
    -- A key of type cosignature is 0x04 and 32 bytes
    public_key bytea not null generated always as (substring(
      decode(substring(key from '^[^+]+[+][0-9a-f]{8}[+](B[A-P][A-Za-z0-9+/]{42})$'), 'base64') from 2)) stored
      check (octet_length(public_key) = 32),
    url text not null,
    registered_at timestamptz not null,
    ended_at timestamptz
  )`,
  ...['party', 'name', 'public_key'].map(
    (column) =>
      `create unique index witnesses_${column} on witnesses (${column}) where ended_at is null`,
  ),
  `create table witness_policies (
    position integer primary key check (position >= 0),
    -- JCS of the entry, and its hash, by which its place in the log is found
    entry text not null,
    leaf bytea not null check (octet_length(leaf) = 32)
  )`,
  `create index witness_policies_leaf on witness_policies (leaf)`,
];

/** What was logged stays logged, whoever changes the row; the owner of the schema is bound by nothing here. */
export const ledgerGuards = [
  `create function refuse_shrinking() returns trigger language plpgsql as $$
    begin
      raise exception '% only grows', tg_table_name using errcode = 'check_violation';
    end $$`,
  `create trigger ledger_tiles_grow before update on ledger_tiles for each row
    when (substring(new.hashes for octet_length(old.hashes)) is distinct from old.hashes)
    execute function refuse_shrinking()`,
  `create trigger ledger_state_grows before update on ledger_state for each row
    when (new.size < old.size or new.epoch <= old.epoch
      or (new.size = old.size and new.root is distinct from old.root))
    execute function refuse_shrinking()`,
  `create trigger ledger_recoveries_grow before update on ledger_recoveries for each row
    when (new.applied < old.applied or old.finished_at is not null) execute function refuse_shrinking()`,
  // A log that cosigns itself is no witness. Its thumbprint (RFC 7638) is what the database knows of its key.
  `create function refuse_log_key() returns trigger language plpgsql as $$
    declare
      x text := rtrim(translate(encode(new.public_key, 'base64'), '+/', '-_'), '=');
      jwk text := '{"crv":"Ed25519","kty":"OKP","x":"' || x || '"}';
      kid text := rtrim(translate(encode(sha256(convert_to(jwk, 'UTF8')), 'base64'), '+/', '-_'), '=');
    begin
      if exists (select from registry_facts f where f.name = 'log-key' and f.value = kid) then
        raise exception 'the log is no witness of itself' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  // After the row is made: only then is the generated column there.
  `create trigger witnesses_are_others after insert on witnesses for each row execute function refuse_log_key()`,
];
