import {
  b64u32,
  entrySchema,
  isJsonObject,
  numericDate,
  publicJwkSchema,
  timestamp,
  witnessPolicySchema,
  type Entry,
  type Json,
  type LoggedWitnessPolicy,
  type PublicJwk,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';

/** A token key of the registry (RFC 9497 VOPRF, ristretto255), live from `opensAt` to `closesAt`. */
export interface TokenEpoch {
  readonly epoch: number;
  /** 32 bytes as base64url */
  readonly publicKey: string;
  readonly opensAt: Date;
  readonly closesAt?: Date | undefined;
  /** The `oprf-epoch` that says the same in the ledger */
  readonly entry: Entry;
}

/** A key of the registry, and the `registry-key` that says the same in the ledger. */
export interface KeyAnnouncement {
  /** `recourse-registry-key+jwt`, by the ledger key */
  readonly statement: string;
  readonly entry: Entry;
}

/** `GET /.well-known/recourse`, before any of it is verified. */
export interface RegistryDocument {
  readonly origin: string;
  readonly logKey: PublicJwk;
  readonly keys: readonly KeyAnnouncement[];
  readonly epochs: readonly TokenEpoch[];
  /** `witness-policy` entries of the log, the oldest first, not yet verified */
  readonly policies: readonly PolicyEntry[];
}

/** A `witness-policy` entry of the ledger, and its content. */
export interface PolicyEntry {
  readonly entry: Entry;
  readonly policy: LoggedWitnessPolicy;
}

/** @throws RecourseError `answer-invalid` */
export function readRegistryDocument(json: Json): RegistryDocument {
  if (!isJsonObject(json)) throw invalid();
  const { origin, keys, epochs } = json;
  const logKey = publicJwkSchema.safeParse(json['logKey']);
  if (typeof origin !== 'string' || !logKey.success) throw invalid();
  if (!Array.isArray(keys) || !Array.isArray(epochs)) throw invalid();
  return {
    origin,
    logKey: logKey.data,
    keys: keys.map(readKey),
    epochs: epochs.map(readEpoch),
    policies: readPolicies(json['ledger']),
  };
}

function readPolicies(ledger: Json | undefined): PolicyEntry[] {
  const policies = isJsonObject(ledger) ? (ledger['policies'] ?? []) : [];
  if (!Array.isArray(policies)) throw invalid();
  return policies.map((json) => {
    const entry = entrySchema.safeParse(json);
    if (!entry.success || entry.data.type !== 'witness-policy') throw invalid();
    const policy = witnessPolicySchema.safeParse(entry.data.detail);
    if (!policy.success) throw invalid();
    return { entry: entry.data, policy: policy.data };
  });
}

function readKey(json: Json): KeyAnnouncement {
  if (!isJsonObject(json)) throw invalid();
  const { statement } = json;
  if (typeof statement !== 'string') throw invalid();
  return { statement, entry: readEntry(json['entry']) };
}

function readEntry(json: Json | undefined): Entry {
  const entry = entrySchema.safeParse(json);
  if (!entry.success) throw invalid();
  return entry.data;
}

function readEpoch(json: Json): TokenEpoch {
  if (!isJsonObject(json)) throw invalid();
  const epoch = numericDate.min(1).safeParse(json['epoch']);
  const publicKey = b64u32.safeParse(json['publicKey']);
  if (!epoch.success || !publicKey.success) throw invalid();
  const { closesAt } = json;
  return {
    epoch: epoch.data,
    publicKey: publicKey.data,
    opensAt: readTime(json['opensAt']),
    closesAt: closesAt === undefined || closesAt === null ? undefined : readTime(closesAt),
    entry: readEntry(json['entry']),
  };
}

function readTime(json: Json | undefined): Date {
  const time = timestamp.safeParse(json);
  if (!time.success) throw invalid();
  return new Date(time.data);
}

const invalid = (): RecourseError => new RecourseError('answer-invalid');
