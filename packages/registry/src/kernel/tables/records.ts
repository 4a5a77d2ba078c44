import type { Generated } from 'kysely';

/** What the database remembers of the registry it belongs to; never a secret, never changed. */
export interface RegistryFactsTable {
  name: string;
  value: string;
  /** JCS of the ledger entry that announced it */
  entry: string | null;
}

/** One row a call; never its input or its answer. */
export interface AuditTable {
  kid: string;
  jti: string;
  iss: string;
  exp: Date;
  op: string;
  req: string;
  res: string;
  status: number;
  at: Date;
  cost: number;
  /** Leaf hash of the `calls` entry of its group, and its place among the leaves under the root of that */
  entry: string;
  place: number;
}

/** Answers of mutations, for retries: no secret is in them. Kept 30 days. */
export interface AnswersTable {
  kid: string;
  jti: string;
  iss: string;
  op: string;
  idem: string | null;
  input_hash: string;
  req: string;
  status: number;
  /** The case whose entries the answer opens; its body is sealed under that key */
  sanction: string | null;
  body: Uint8Array;
  receipt: string;
  at: Date;
}

/** What opens an entry. Openings of a case are sealed under its key and die with it. */
export interface OpeningsTable {
  kid: string;
  jti: string;
  position: number;
  /** In the order of one commit */
  seq: Generated<number>;
  /** The transaction that wrote it, as text: 64 bits */
  txid: Generated<string>;
  /** Who may read it: the caller, or the platform told that a pair entry names */
  party: string;
  sanction: string | null;
  /** JSON when public, sealed under the case key when of a case */
  opening: Uint8Array;
}

/** Refused submissions, counted for the public report. */
export interface RefusalsTable {
  party: string;
  day: string;
  code: string;
  detail: string;
  n: number;
}

/** Something due that could not be written. */
export interface DueFailuresTable {
  /** A name of `dueKinds` */
  kind: string;
  /** What the kind settles by */
  id: string;
  failures: number;
  retry_at: Date;
  /** Code or class of the last error */
  error: string;
}
