export const recordTables = [
  `create table audit (
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
    -- The calls entry of its group, and its place under the root of that: what is deleted or added here shows.
    entry text not null,
    place integer not null,
    primary key (kid, jti)
  )`,
  `create table answers (
    kid text not null,
    jti text not null,
    iss text not null,
    op text not null,
    idem text,
    input_hash text not null,
    req text not null,
    status integer not null,
    -- Sealed under the key of its case where it opens entries of one: it dies with the case.
    sanction text,
    body bytea not null,
    receipt text not null,
    at timestamptz not null,
    primary key (kid, jti)
  )`,
  // One idem has one effect. A retry with a new jti keeps its answer without an idem of its own.
  `create unique index answers_idem on answers (iss, op, idem) where idem is not null`,
  `create table openings (
    kid text not null,
    jti text not null,
    position integer not null,
    party text not null,
    sanction text,
    opening bytea not null,
    -- A list of openings pages by these two: of two commits the one with the higher seq may be seen first.
    txid xid8 not null default pg_current_xact_id(),
    seq bigint not null generated always as identity,
    primary key (kid, jti, position)
  )`,
  `create index openings_of_party on openings (party, txid, seq)`,
  `create index openings_of_sanction on openings (sanction) where sanction is not null`,
  `create table refusals (
    party text not null,
    day date not null,
    code text not null,
    detail text not null,
    n integer not null,
    primary key (party, day, code, detail)
  )`,
  // Something due that could not be written: tried again at `retry_at`.
  `create table due_failures (
    kind text not null,
    id text not null,
    failures integer not null check (failures > 0),
    retry_at timestamptz not null,
    -- A code or a class, never a message: that may quote values
    error text not null check (error ~ '^[A-Za-z0-9_-]{1,64}$'),
    primary key (kind, id)
  )`,
];
