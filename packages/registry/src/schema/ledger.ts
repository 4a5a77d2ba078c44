import { defineTable, typed } from './define-table.ts';
import type { RecoveryCounts } from './recovery-counts.ts';

/** Entries that wait for the sequencer, which alone gives them an index: one row a commit. */
export const ledgerPending = defineTable('ledger_pending', {
  keep: {
    why: 'entries that wait for the log',
    form: 'salted hashes; public details',
    life: 'logged',
  },
  columns: (row) => ({
    seq: row.fixed('bigint generated always as identity primary key'),
    /** JCS of the entries of one commit, in order: they stand together in the log */
    entries: row.fixed('text[] not null check (cardinality(entries) > 0)'),
    at: row.fixed('timestamptz not null'),
  }),
  may: 'delete',
});

/** One row: the tree as far as it is durable. Whoever has it FOR UPDATE sequences. */
export const ledgerState = defineTable('ledger_state', {
  keep: { why: 'where it ends', form: 'hashes, signatures; public', life: 'proof' },
  columns: (row) => ({
    singleton: row.fixed('boolean primary key default true check (singleton)'),
    size: row.changing('bigint not null'),
    root: row.changing('bytea not null check (octet_length(root) = 32)'),
    /** One more with each commit of a sequencer: what one of them remembers is stale where it differs */
    epoch: row.changing('bigint not null'),
    /** What waited before this place was taken, or never comes: the queue is read from here on */
    taken: row.changing('bigint not null default 0'),
    /** All before it was taken but for what these transactions write: once they are over, it is the place */
    seen: row.changing('bigint not null default 0'),
    writers: row.changing(`text[] not null default '{}'`),
  }),
  seed: `(size, root, epoch) values (0, sha256(''), 0)`,
  may: 'select',
});

export const ledgerEntries = defineTable('ledger_entries', {
  keep: { why: 'the log', form: 'hashes, signatures; public', life: 'proof' },
  columns: (row) => ({
    index: row.fixed('bigint primary key check (index >= 0)'),
    leaf: row.fixed('bytea not null check (octet_length(leaf) = 32)'),
    /** JCS; the bytes of it are the leaf */
    entry: row.fixed('text not null check (octet_length(entry) <= 65535)'),
  }),
  indexes: { ledger_entries_leaf: '(leaf)' },
});

export const ledgerTiles = defineTable('ledger_tiles', {
  keep: { why: 'its tree', form: 'hashes, signatures; public', life: 'proof' },
  columns: (row) => ({
    level: row.fixed('integer not null check (level between 0 and 6)'),
    index: row.fixed('bigint not null check (index >= 0)'),
    /** 1 to 256 of 32 bytes */
    hashes: row.changing(
      'bytea not null check (octet_length(hashes) >= 32 and octet_length(hashes) <= 8192 and octet_length(hashes) % 32 = 0)',
    ),
  }),
  constraints: ['primary key (level, index)'],
});

export const ledgerCheckpoints = defineTable('ledger_checkpoints', {
  keep: { why: 'what was signed', form: 'hashes, signatures; public', life: 'proof' },
  columns: (row) => ({
    size: row.fixed('bigint primary key check (size > 0)'),
    /** The checkpoint with the signature of the log */
    note: row.fixed('text not null'),
    at: row.fixed('timestamptz not null'),
  }),
});

/** One row a recovery from the log, the open one among them. */
export const ledgerRecoveries = defineTable('ledger_recoveries', {
  keep: { why: 'recoveries from an old copy', form: 'counts; no creator', life: 'operation' },
  columns: (row) => ({
    /** The size of the log in the database that was restored */
    from_size: row.fixed('bigint primary key'),
    /** The recovery has done what the entries before this one say */
    applied: row.fixed('bigint not null check (applied >= from_size)'),
    counts: row.fixed('jsonb not null', typed<RecoveryCounts>()),
    /** Differences from the log before: hashes in hex */
    faults: row.fixed('text[] not null'),
    finished_at: row.fixed('timestamptz'),
  }),
  indexes: {
    // Until it is finished nothing is signed.
    ledger_recoveries_open: 'unique ((true)) where finished_at is null',
  },
  may: 'select',
});

/** Losses that a recovery could not bring back: a hash each. Its entry in the log commits to all of them. */
export const ledgerLosses = defineTable('ledger_losses', {
  keep: {
    why: 'what a recovery could not bring back',
    form: 'hashes, signatures; public',
    life: 'proof',
  },
  columns: (row) => ({
    from_size: row.fixed('bigint not null references ledger_recoveries'),
    loss: row.fixed('bytea not null check (octet_length(loss) = 32)'),
  }),
  constraints: ['primary key (from_size, loss)'],
  may: 'select',
});

export const ledgerCosignatures = defineTable('ledger_cosignatures', {
  keep: { why: 'what witnesses signed', form: 'hashes, signatures; public', life: 'proof' },
  columns: (row) => ({
    size: row.fixed('bigint not null references ledger_checkpoints'),
    /** Verifier key of the witness */
    key: row.fixed('text not null'),
    /** Signature line with its newline, verified before it came here */
    line: row.fixed('text not null'),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: ['primary key (size, key)'],
  indexes: { ledger_cosignatures_key: '(key, size)' },
});

/** Checkpoints that readers were shown. Nothing is taken out: the largest of them never becomes smaller. */
export const ledgerServed = defineTable('ledger_served', {
  keep: { why: 'what readers were shown', form: 'hashes, signatures; public', life: 'proof' },
  columns: (row) => ({
    size: row.fixed('bigint primary key references ledger_checkpoints'),
  }),
});

/** One row for each registration; those that were taken back or replaced have an end. */
export const witnesses = defineTable('witnesses', {
  keep: { why: 'who cosigns, and where they are asked', form: 'clear', life: 'party' },
  columns: (row) => ({
    position: row.fixed('bigint generated always as identity primary key'),
    party: row.fixed(`text not null references parties check (party <> 'operator')`),
    /** Verifier key; name and public key are derived from it */
    key: row.fixed('text not null'),
    name: row.fixed(`text not null generated always as (split_part(key, '+', 1)) stored`),
    /** A key of type cosignature is 0x04 and 32 bytes */
    public_key: row.fixed(`bytea not null generated always as (substring(
        decode(substring(key from '^[^+]+[+][0-9a-f]{8}[+](B[A-P][A-Za-z0-9+/]{42})$'), 'base64') from 2)) stored
        check (octet_length(public_key) = 32)`),
    url: row.changing('text not null'),
    registered_at: row.fixed('timestamptz not null'),
    ended_at: row.changing('timestamptz'),
  }),
  indexes: {
    witnesses_party: 'unique (party) where ended_at is null',
    witnesses_name: 'unique (name) where ended_at is null',
    witnesses_public_key: 'unique (public_key) where ended_at is null',
  },
});

/** Every `witness-policy` entry, in the order of the log. */
export const witnessPolicies = defineTable('witness_policies', {
  keep: { why: 'whose cosignatures count', form: 'hashes, signatures; public', life: 'proof' },
  columns: (row) => ({
    position: row.fixed('integer primary key check (position >= 0)'),
    /** JCS of the entry, and its hash, by which its place in the log is found */
    entry: row.fixed('text not null'),
    leaf: row.fixed('bytea not null check (octet_length(leaf) = 32)'),
  }),
  indexes: { witness_policies_leaf: '(leaf)' },
});

/** One row: the report as it was made last. Nothing is read from it but to be published. */
export const transparencyReport = defineTable('transparency_report', {
  keep: { why: 'what was published', form: 'counts; no creator', life: 'operation' },
  columns: (row) => ({
    singleton: row.fixed('boolean primary key default true check (singleton)'),
    at: row.changing('timestamptz not null'),
    /** JSON, as it is served */
    document: row.changing('text not null'),
  }),
});
