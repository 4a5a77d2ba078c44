import { LedgerError, parseTlogProof, verifyTlogProof } from '@recourse/ledger';
import { failAs, isRecourseError } from '../errors.ts';
import { findLeaves } from './find-leaves.ts';
import type { LogFiles } from './log-files.ts';
import type { Head } from './ledger-store.ts';
import type { LogHead } from './log-head.ts';
import type { LogPolicy, WitnessPolicies } from './witness-policies.ts';

export interface VerifiedLogOptions {
  readonly files: LogFiles;
  readonly policies: WitnessPolicies;
  readonly head: LogHead;
}

/** The ledger as it is believed: under the pinned key and witness policy, and of one history. */
export class VerifiedLog {
  readonly #options: VerifiedLogOptions;
  #fetching: Promise<Head> | undefined;

  constructor(options: VerifiedLogOptions) {
    this.#options = options;
  }

  /** The newest head that was verified, undefined before the first */
  get known(): Head | undefined {
    return this.#options.head.newest;
  }

  /** Reads what the store keeps from before. @throws RecourseError `ledger-invalid` */
  async load(): Promise<void> {
    await this.#options.head.load();
  }

  /**
   * Asks for the head, once for all who ask meanwhile.
   * @throws RecourseError `ledger-invalid`, `ledger-forked`, `ledger-rolled-back`, `unavailable`
   */
  newest(): Promise<Head> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /**
   * A verified `.tlog-proof` of an entry; undefined until it is under a checkpoint.
   * @throws RecourseError as of {@link newest}
   */
  async prove(leaf: Uint8Array): Promise<string | undefined> {
    const { files, head } = this.#options;
    const text = await files.proof(leaf);
    if (text === undefined) return undefined;
    const { checkpoint } = await failAs('ledger-invalid', () => parseTlogProof(text));
    await this.#underPolicy(async (policy) => {
      await head.accept(checkpoint, { policy, older: true });
      await failAs('ledger-invalid', () => verifyTlogProof(text, { leaf, policy }));
    });
    return text;
  }

  /** Those of the leaves that stand between two verified heads. */
  find(wanted: ReadonlySet<string>, between: { from: Head; to: Head }): Promise<string[]> {
    return findLeaves({ ...between, wanted, tile: this.#options.files.tile });
  }

  async #fetch(): Promise<Head> {
    const { files, head } = this.#options;
    const note = await files.checkpoint();
    return this.#underPolicy((policy) => head.accept(note, { policy, older: false }));
  }

  /** Where witnesses are missing, another policy may have come into force: then under that one. */
  async #underPolicy<T>(run: (policy: LogPolicy) => Promise<T>): Promise<T> {
    const { policies } = this.#options;
    try {
      return await run(await policies.current());
    } catch (error) {
      if (!lacksWitnesses(error)) throw error;
      return run(await policies.current({ anew: true }));
    }
  }
}

const lacksWitnesses = (error: unknown): boolean =>
  isRecourseError(error, 'ledger-invalid') &&
  error.cause instanceof LedgerError &&
  error.cause.code === 'witnesses-missing';
