import type { KeyPair } from '@recourse/blind/server';
import { entrySchema, toBase64url, type Entry } from '@recourse/protocol';
import { readRotations, type Db, type SecretEpoch } from '@recourse/registry';
import { ServerError } from '../errors.ts';
import type { KeyMaterial } from './key-material.ts';
import { epochKeys } from './oprf-seed.ts';

/** The first epoch; each rotation adds one. */
export const firstEpoch = 1;

/** An epoch as the ledger announced it. */
export interface AnnouncedEpoch {
  readonly epoch: number;
  /** 32 bytes, base64url */
  readonly publicKey: string;
  readonly opensAt: Date;
  /** Said by the entry of the next one */
  readonly closesAt?: Date;
  readonly entry: Entry;
}

interface EpochKeysOptions {
  readonly db: Db;
  readonly first: AnnouncedEpoch;
  readonly keys: Pick<KeyMaterial, 'oprfSeed' | 'makeOprfSeed'>;
  readonly clock: () => Date;
}

/**
 * The epochs that were announced, with the keys that this process has for them. Every server has to have the secret of
 * every epoch that did not close: one that answered without it, or with another, would not find who is listed.
 * Announced epochs only grow; `refresh` reads what other servers announced.
 */
export class EpochKeys {
  readonly #options: EpochKeysOptions;
  readonly #keys = new Map<number, KeyPair>();
  #announced: readonly AnnouncedEpoch[];

  constructor(options: EpochKeysOptions) {
    this.#options = options;
    this.#announced = [options.first];
  }

  /**
   * Reads the announced epochs, and the secrets of those that did not close.
   * @throws ServerError `key_missing`, `key_invalid`, `key_mismatch`: after the others were read
   */
  async refresh(): Promise<void> {
    const { db, first, keys } = this.#options;
    const later = (await readRotations(db)).map((row) => ({
      epoch: row.epoch,
      publicKey: row.public_key,
      opensAt: row.opens_at,
      beforeClosesAt: row.before_closes_at,
      entry: entrySchema.parse(JSON.parse(row.entry)),
    }));
    this.#announced = [first, ...later].map(({ epoch, publicKey, opensAt, entry }, at) => {
      const closesAt = later[at]?.beforeClosesAt;
      return { epoch, publicKey, opensAt, entry, ...(closesAt ? { closesAt } : {}) };
    });
    const failures = this.published().flatMap((epoch) => this.#load(epoch) ?? []);
    if (failures[0]) throw failures[0];
    keys.makeOprfSeed?.((later.at(-1)?.epoch ?? first.epoch) + 1);
  }

  /** Those that did not close, the coming one included. */
  published(): AnnouncedEpoch[] {
    const now = this.#options.clock();
    return this.#announced.filter(({ closesAt }) => closesAt === undefined || closesAt > now);
  }

  /** The same with their secrets, where they are here. */
  secrets(): SecretEpoch[] {
    return this.published().map(({ epoch, publicKey, opensAt, closesAt }) => ({
      epoch,
      publicKey: Buffer.from(publicKey, 'base64url'),
      secretKey: this.#keys.get(epoch)?.secretKey,
      opensAt,
      ...(closesAt ? { closesAt } : {}),
    }));
  }

  /** Of a secret that this process can read. What is wrong with it is for its operator, who asks by `oprf-key`. */
  publicKeyOf(epoch: number): string | undefined {
    try {
      return toBase64url(this.#derive(epoch).publicKey);
    } catch {
      return undefined;
    }
  }

  #load({ epoch, publicKey }: AnnouncedEpoch): ServerError | undefined {
    if (this.#keys.has(epoch)) return undefined;
    try {
      const pair = this.#derive(epoch);
      if (toBase64url(pair.publicKey) !== publicKey) return mismatch(epoch);
      this.#keys.set(epoch, pair);
      return undefined;
    } catch (error) {
      if (error instanceof ServerError) return error;
      throw error;
    }
  }

  #derive(epoch: number): KeyPair {
    return epochKeys(this.#options.keys.oprfSeed(epoch), epoch);
  }
}

const mismatch = (epoch: number): ServerError =>
  new ServerError(
    'key_mismatch',
    `The OPRF seed of epoch ${epoch} is not the one whose public key the ledger announced: restore the right one before anything is answered, or every listed creator would look unknown. \`oprf-key ${epoch}\` prints the public key of the seed that is here.`,
  );
