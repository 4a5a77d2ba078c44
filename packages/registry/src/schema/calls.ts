import { defineTable, type RowOf } from './define-table.ts';

/** One row a call, as servers of 0.1.0 wrote them. */
export const audit = defineTable('audit', {
  keep: {
    why: 'no answer without it; compared with the log',
    form: 'hashes of call and answer; of a creator `case`, and a hash of the jti',
    life: 'proof',
  },
  columns: (row) => ({
    kid: row.fixed('text not null'),
    jti: row.fixed('text not null'),
    iss: row.fixed('text not null'),
    exp: row.fixed('timestamptz not null'),
    op: row.fixed('text not null'),
    req: row.fixed('text not null'),
    res: row.fixed('text not null'),
    status: row.fixed('integer not null'),
    at: row.fixed('timestamptz not null'),
    cost: row.fixed('integer not null'),
    /**
     * Leaf hash of the `calls` entry of its group, and its place among the leaves under the root of that: what is
     * deleted or added here shows.
     */
    entry: row.fixed('text not null'),
    place: row.fixed('integer not null'),
  }),
  // The report counts these.
  indexes: {
    audit_finds: `(op, iss, at) where op in ('case.find', 'case.prove', 'case.ticket') and status = 200`,
  },
  may: 'select',
});

export type AuditTable = RowOf<typeof audit>;

/** One row for the calls that were committed together; never their input or answer. The view `audited_calls` reads both. */
export const auditGroups = defineTable('audit_groups', {
  keep: {
    why: 'no answer without it; compared with the log',
    form: 'hashes of calls and answers; of a creator `case`, and a hash of the jti',
    life: 'proof',
  },
  columns: (row) => ({
    at: row.fixed('timestamptz not null'),
    /** Leaf hash of the `calls` entry of the group: what is deleted or added here shows. */
    entry: row.fixed('bytea not null'),
    /** Hashes, and who called what, by `commit/packed-calls.ts` */
    calls: row.fixed('bytea not null'),
    /** What the report counts: operation and party of a find, and of no other call */
    op: row.fixed('text'),
    iss: row.fixed('text'),
  }),
  indexes: { audit_groups_finds: '(op, iss, at) where op is not null' },
});

export type AuditGroupsTable = RowOf<typeof auditGroups>;

/** Each call of the audit, as the view `audited_calls` has it. */
export interface AuditedCalls extends Omit<AuditTable, 'exp' | 'cost'> {
  /** How many openings it has; null where a server of 0.1.0 wrote it */
  readonly changes: number | null;
}

/** A call that was answered: each copy of it is refused. Three tables take turns (`commit/seen-calls.ts`). */
const seen = <const Name extends string>(name: Name) =>
  defineTable(name, {
    keep: { why: 'refuses replays', form: 'half a hash of kid and jti', life: 'seen' },
    columns: (row) => ({ id: row.fixed('uuid primary key') }),
  });

export const seen0 = seen('seen_0');
export const seen1 = seen('seen_1');
export const seen2 = seen('seen_2');

/** Answers of mutations, for retries: no secret is in them. Kept 30 days. */
export const answers = defineTable('answers', {
  keep: {
    why: 'the same answer for a retry',
    form: 'sealed with the case where it opens entries of one; else clear',
    life: 'answers',
  },
  columns: (row) => ({
    kid: row.fixed('text not null'),
    jti: row.fixed('text not null'),
    iss: row.fixed('text not null'),
    op: row.fixed('text not null'),
    idem: row.fixed('text'),
    input_hash: row.fixed('text not null'),
    req: row.fixed('text not null'),
    status: row.fixed('integer not null'),
    /** The case whose entries the answer opens: its body is sealed under that key, and dies with the case. */
    sanction: row.fixed('text'),
    body: row.fixed('bytea not null'),
    receipt: row.fixed('text not null'),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: ['primary key (kid, jti)'],
  indexes: {
    // One idem has one effect. A retry with a new jti keeps its answer without an idem of its own.
    answers_idem: 'unique (iss, op, idem) where idem is not null',
    answers_at: '(at)',
  },
  may: 'delete',
});

export type AnswersTable = RowOf<typeof answers>;

/** Openings of entries. Those of a case are sealed under its key and die with it. */
export const openings = defineTable('openings', {
  keep: {
    opening: {
      why: 'opens an entry of the log to the party that it names, and all of a case to its creator',
      form: 'of a case: sealed',
      life: 'case',
      goes: `''`,
    },
    row: {
      why: 'that there was an entry: the log is compared with it',
      form: 'clear',
      life: 'proof',
    },
  },
  columns: ({ opening, row }) => ({
    kid: row.fixed('text not null'),
    jti: row.fixed('text not null'),
    position: row.fixed('integer not null'),
    /** The party that may read it: the caller, or the told platform that a pair entry names */
    party: row.fixed('text not null'),
    sanction: row.fixed('text'),
    /** JSON when public, sealed under the case key when of a case */
    opening: opening.fixed('bytea not null'),
    /**
     * The transaction that wrote it. A list of openings pages by these two: of two commits the one with the higher
     * seq may be seen first.
     */
    txid: row.fixed('xid8 not null default pg_current_xact_id()'),
    /** In the order of one commit */
    seq: row.fixed('bigint not null generated always as identity'),
  }),
  constraints: ['primary key (kid, jti, position)'],
  indexes: {
    openings_of_party: '(party, txid, seq)',
    openings_of_sanction: '(sanction) where sanction is not null',
    // Report and doctor read those that are new.
    openings_txid: '(txid)',
  },
});

export type OpeningsTable = RowOf<typeof openings>;

/** Bytes of mutations, sealed under the key of their case. */
export const keptCalls = defineTable('kept_calls', {
  keep: { why: 'bytes of mutations, as evidence', form: 'sealed', life: 'texts', goes: 'row' },
  columns: (row) => ({
    sanction: row.fixed('text not null references sanctions'),
    kid: row.fixed('text not null'),
    jti: row.fixed('text not null'),
    sealed: row.fixed('bytea not null'),
  }),
  constraints: ['primary key (sanction, kid, jti)'],
});

export type KeptCallsTable = RowOf<typeof keptCalls>;

/** Refused submissions, counted for the public report. */
export const refusals = defineTable('refusals', {
  keep: { why: 'counts what was refused', form: 'counts; no creator', life: 'operation' },
  columns: (row) => ({
    party: row.fixed('text not null'),
    day: row.fixed('date not null'),
    code: row.fixed('text not null'),
    detail: row.fixed('text not null'),
    n: row.changing('integer not null'),
  }),
  constraints: ['primary key (party, day, code, detail)'],
});

/** Something due that could not be written: tried again at `retry_at`. */
export const dueFailures = defineTable('due_failures', {
  keep: {
    why: 'what is due and could not be written: a kind, an opaque id, a class of error',
    form: 'clear; nothing of whom',
    life: 'failing',
  },
  columns: (row) => ({
    /** A name of `dueKinds` */
    kind: row.fixed('text not null'),
    /** The id by which the kind settles it */
    id: row.fixed('text not null'),
    failures: row.changing('integer not null check (failures > 0)'),
    retry_at: row.changing('timestamptz not null'),
    /** Code or class of the last error, never its message: that may quote values */
    error: row.changing(`text not null check (error ~ '^[A-Za-z0-9_-]{1,64}$')`),
  }),
  constraints: ['primary key (kind, id)'],
  may: 'delete',
});

/** Facts about the registry that the database belongs to; never a secret, never changed. */
export const registryFacts = defineTable('registry_facts', {
  keep: {
    why: 'mode, origin, announced keys, fingerprints of secrets',
    form: 'clear, fingerprints',
    life: 'operation',
  },
  columns: (row) => ({
    name: row.fixed('text primary key'),
    value: row.fixed('text not null'),
    /** JCS of the entry that announced it */
    entry: row.fixed('text'),
  }),
});

export type RegistryFactsTable = RowOf<typeof registryFacts>;
