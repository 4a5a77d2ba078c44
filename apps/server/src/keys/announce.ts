import {
  hashBytes,
  openArtefact,
  registryKeySchema,
  signCompact,
  toBase64url,
  toNumericDate,
  toTimestamp,
  utf8,
  type Entry,
  type Json,
  type Signer,
} from '@recourse/protocol';
import {
  logFirstPolicy,
  readFacts,
  recordFacts,
  type Db,
  type RegistryFact,
} from '@recourse/registry';
import type { Mode } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import { firstEpoch, type AnnouncedEpoch } from './epoch-keys.ts';
import type { KeyMaterial } from './key-material.ts';
import { epochKeys } from './oprf-seed.ts';

/** Statement of a database about its registry after a start: the same at each one. */
export interface Announcement {
  readonly keys: readonly AnnouncedKey[];
  /** The first one */
  readonly epoch: AnnouncedEpoch;
}

/** A key of the registry as its document has it. */
export interface AnnouncedKey {
  /** `recourse-registry-key+jwt`, by the log key */
  readonly statement: string;
  /** The `registry-key` that the ledger has of it */
  readonly entry: Entry;
}

interface AnnounceOptions {
  readonly db: Db;
  readonly mode: Mode;
  readonly origin: string;
  readonly keys: KeyMaterial;
  readonly now: Date;
}

const KEY_FACT = 'registry-key:';

/**
 * On an empty database, records whose it is and announces its keys in the ledger; on any other, compares. A wrong secret
 * stops the start: with another vault key no case opens, with another OPRF key every creator would look unknown.
 *
 * @throws ServerError `key_mismatch`, `other_origin`, `sandbox_data`, `production_data`
 */
export async function announce(options: AnnounceOptions): Promise<Announcement> {
  const known = await readFacts(options.db);
  const expected = await expectedFacts(options, known);
  // Whose it is comes first: a sandbox must not write its keys into a registry.
  compare(known, options, expected);
  const facts = await recordFacts(options.db, expected, options.now);
  compare(facts, options, expected);
  // Retired keys stay announced: receipts they signed must verify.
  const keys = [...facts.values()]
    .filter(({ name }) => name.startsWith(KEY_FACT))
    .map((fact) => ({ statement: fact.value, entry: loggedAs(fact) }));
  await assertAnnounced(keys, options);
  await logFirstPolicy(options.db, options.now);
  const key = facts.get('oprf-key:1');
  const opensAt = new Date(facts.get('oprf-opens-at:1')?.value ?? Number.NaN);
  const publicKey = key?.value ?? '';
  return { keys, epoch: { epoch: firstEpoch, publicKey, opensAt, entry: loggedAs(key) } };
}

function loggedAs(fact: RegistryFact | undefined): Entry {
  if (fact?.entry) return fact.entry;
  throw mismatch('ledger');
}

async function expectedFacts(
  options: AnnounceOptions,
  facts: ReadonlyMap<string, RegistryFact>,
): Promise<RegistryFact[]> {
  const { keys, origin, mode } = options;
  return [
    { name: 'mode', value: mode },
    { name: 'origin', value: origin },
    { name: 'vault-key', value: fingerprint(keys.vaultKey) },
    { name: 'log-key', value: keys.logSigner.kid },
    // Known, its secret is compared where it is still needed: it is destroyed once the first epoch has closed.
    ...(facts.has('oprf-key:1') ? [] : firstEpochFacts(options)),
    await keyFact('log', keys.logSigner, options),
    await keyFact('receipt', keys.receiptSigner, options),
    await keyFact('event', keys.eventSigner, options),
    await keyFact('set', keys.setSigner, options),
  ];
}

function firstEpochFacts({ keys, now }: AnnounceOptions): RegistryFact[] {
  const publicKey = toBase64url(epochKeys(keys.oprfSeed(firstEpoch), firstEpoch).publicKey);
  const opensAt = toTimestamp(now);
  const epoch = { epoch: firstEpoch, publicKey, opensAt };
  return [
    { name: 'oprf-key:1', value: publicKey, entry: publicEntry('oprf-epoch', epoch, now) },
    { name: 'oprf-opens-at:1', value: opensAt },
  ];
}

async function keyFact(
  use: 'log' | 'receipt' | 'event' | 'set',
  signer: Signer,
  { origin, keys, now }: AnnounceOptions,
): Promise<RegistryFact> {
  const jwk = signer.publicJwk;
  const iat = toNumericDate(now);
  const payload = { aud: origin, use, jwk, iat };
  const statement = await signCompact(keys.logSigner, 'recourse-registry-key+jwt', payload);
  const entry = publicEntry('registry-key', { use, kid: signer.kid, statement }, now);
  return { name: `${KEY_FACT}${use}:${signer.kid}`, value: statement, entry };
}

const publicEntry = (
  type: 'registry-key' | 'oprf-epoch',
  detail: Record<string, Json>,
  now: Date,
): Entry => ({ v: 1, type, at: toTimestamp(now), detail });

/**
 * Compares the two secrets that a look at the database takes with those it was made with.
 * @returns the origin that everything in it was signed for
 * @throws ServerError `key_mismatch`, or `database_unreachable` where it holds no registry
 */
export async function assertOwnKeys(
  db: Db,
  { logSigner, vaultKey }: Pick<KeyMaterial, 'logSigner' | 'vaultKey'>,
): Promise<string> {
  const facts = await readFacts(db);
  const origin = facts.get('origin')?.value;
  if (origin === undefined) {
    throw new ServerError('database_unreachable', 'There is no registry in this database yet.');
  }
  if (facts.get('vault-key')?.value !== fingerprint(vaultKey)) throw mismatch('vault key');
  if (facts.get('log-key')?.value !== logSigner.kid) throw mismatch('log key');
  return origin;
}

/** Tells one secret from another, and nothing of either. */
const fingerprint = (secret: Uint8Array): string =>
  hashBytes(new Uint8Array([...utf8('recourse/fingerprint/1'), ...secret]));

function compare(
  facts: ReadonlyMap<string, RegistryFact>,
  { mode, origin }: AnnounceOptions,
  expected: readonly RegistryFact[],
): void {
  const differs = (name: string): boolean =>
    facts.has(name) &&
    facts.get(name)?.value !== expected.find((fact) => fact.name === name)?.value;
  if (differs('mode')) throw otherMode(mode);
  if (differs('origin')) throw otherOrigin(facts.get('origin')?.value ?? '', origin);
  for (const [name, what] of SECRETS) if (differs(name)) throw mismatch(what);
}

const SECRETS = [
  ['vault-key', 'vault key'],
  ['log-key', 'log key'],
] as const;

function otherMode(mode: Mode): ServerError {
  return mode === 'production'
    ? new ServerError(
        'sandbox_data',
        'This database holds a sandbox, whose parties and records are invented: give production a database and a data directory of its own.',
      )
    : new ServerError(
        'production_data',
        'This database belongs to a production registry: set RECOURSE_MODE=production, or give the sandbox a database of its own.',
      );
}

const otherOrigin = (known: string, origin: string): ServerError =>
  new ServerError(
    'other_origin',
    `This database belongs to ${known}, and everything in it was signed for that origin, not for ${origin}: set RECOURSE_ORIGIN=${known}, or use another RECOURSE_DATA_DIR.`,
  );

const mismatch = (part: string): ServerError =>
  new ServerError(
    'key_mismatch',
    `The ${part} is not the one this database was made with: restore the right one before anything is answered.`,
  );

/** Somebody who writes to the database cannot announce keys: the log key signs, and it is not in there. */
async function assertAnnounced(
  keys: readonly AnnouncedKey[],
  options: AnnounceOptions,
): Promise<void> {
  const { logSigner } = options.keys;
  const expected = { typ: 'recourse-registry-key+jwt', schema: registryKeySchema } as const;
  try {
    for (const { statement } of keys) {
      await openArtefact(statement, { ...expected, jwk: logSigner.publicJwk });
    }
  } catch (cause) {
    throw new ServerError(
      'key_mismatch',
      'The log key did not sign what this database announces: restore the log key, or the database.',
      { cause },
    );
  }
}
