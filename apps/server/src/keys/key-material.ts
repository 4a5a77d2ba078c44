import { join } from 'node:path';
import { generateKey, publicJwkSchema, type PrivateJwk, type Signer } from '@recourse/protocol';
import { nodeSigner } from '@recourse/registry';
import type { ServerConfig } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import { createKeyFile, readKeyFile, type KeyFile } from './key-file.ts';
import { makeOprfSeed, oprfSeedFile, readOprfSeed } from './oprf-seed.ts';
import { missing, newSecret, secretOf } from './secret.ts';

/** The secrets of a registry. None of them is in the database or in its backups. */
export interface KeyMaterial {
  /** Signs checkpoints and announces the other keys: members pin it */
  readonly logSigner: Signer;
  readonly receiptSigner: Signer;
  /** Signs security event tokens, and nothing else */
  readonly eventSigner: Signer;
  /** Signs headers of prefix sets, and nothing else */
  readonly setSigner: Signer;
  /** 32 bytes: wraps the keys of cases */
  readonly vaultKey: Uint8Array;
  /**
   * The 32 bytes that the OPRF key of an epoch derives from. Read when asked for: that of a closed one may be destroyed.
   * @throws ServerError `key_missing` or `key_invalid`
   */
  readonly oprfSeed: (epoch: number) => Uint8Array;
  /** Makes the seed of an epoch where there is none: only in a sandbox, which has one server and nobody at its terminal */
  readonly makeOprfSeed?: (epoch: number) => void;
  /** Files that did not exist before this start */
  readonly created: readonly string[];
}

type KeySettings = Pick<
  ServerConfig,
  'keysDir' | 'mode' | 'init' | 'oprfSeedFile' | 'oprfCommand' | 'vaultKeyFile'
>;

/**
 * Reads the secrets; a sandbox, or `--init`, makes those that are missing. Production starts with all of them or not at
 * all: a registry that invented a new vault key would have lost every case.
 *
 * @throws ServerError `key_missing` or `key_invalid`
 */
export async function loadKeyMaterial(config: KeySettings): Promise<KeyMaterial> {
  const created: string[] = [];
  const mayMake = config.mode === 'sandbox' || config.init;
  const take = (file: KeyFile, make: () => string): string => {
    const stored = readKeyFile(file);
    if (stored !== undefined) return stored;
    if (!mayMake) throw missing(file);
    created.push(file.path);
    return createKeyFile(file, make());
  };
  const path = (name: string): string => join(config.keysDir, name);
  const log = { path: path('log.jwk.json'), what: 'the log key' };
  const receipt = { path: path('receipt.jwk.json'), what: 'the receipt key' };
  const event = { path: path('event.jwk.json'), what: 'the event key' };
  const set = { path: path('set.jwk.json'), what: 'the set key' };
  const vault = { path: config.vaultKeyFile ?? path('vault.key'), what: 'the vault key' };
  if (mayMake && config.oprfCommand === undefined) take(oprfSeedFile(config, 1), newSecret);
  const fresh = [await newJwk(), await newJwk(), await newJwk(), await newJwk()];
  const [logSigner, receiptSigner, eventSigner, setSigner] = [log, receipt, event, set].map(
    (file, index) =>
      signerOf(
        file,
        take(file, () => fresh[index] ?? ''),
      ),
  ) as [Signer, Signer, Signer, Signer];
  return {
    logSigner,
    receiptSigner,
    eventSigner,
    setSigner,
    vaultKey: secretOf(vault.path, take(vault, newSecret)),
    oprfSeed: (epoch) => readOprfSeed(config, epoch),
    ...(config.mode === 'sandbox'
      ? { makeOprfSeed: (epoch: number) => makeOprfSeed(config, epoch) }
      : {}),
    created,
  };
}

/**
 * The two secrets that a look at the database takes; none is made.
 * @throws ServerError `key_missing` or `key_invalid`
 */
export function readLogAndVaultKey({
  keysDir,
  vaultKeyFile,
}: Pick<KeySettings, 'keysDir' | 'vaultKeyFile'>): Pick<KeyMaterial, 'logSigner' | 'vaultKey'> {
  const log = { path: join(keysDir, 'log.jwk.json'), what: 'the log key' };
  const vault = { path: vaultKeyFile ?? join(keysDir, 'vault.key'), what: 'the vault key' };
  return {
    logSigner: signerOf(log, readKept(log)),
    vaultKey: secretOf(vault.path, readKept(vault)),
  };
}

function readKept(file: KeyFile): string {
  const stored = readKeyFile(file);
  if (stored === undefined) throw missing(file);
  return stored;
}

const newJwk = async (): Promise<string> => JSON.stringify(await generateKey());

function signerOf({ path, what }: KeyFile, text: string): Signer {
  try {
    return nodeSigner(privateJwk(JSON.parse(text)));
  } catch (cause) {
    throw new ServerError(
      'key_invalid',
      `${path} does not hold ${what} as an Ed25519 or P-256 private JWK: restore it from where you keep it.`,
      { cause },
    );
  }
}

function privateJwk(json: unknown): PrivateJwk {
  const isKey = typeof json === 'object' && json !== null && 'd' in json;
  if (!isKey || typeof json.d !== 'string') throw new TypeError('no private part');
  const { d, ...rest } = json;
  return { ...publicJwkSchema.parse(rest), d };
}
