import {
  callSkew,
  fromBase64url,
  goesOn,
  ledgerOrigin,
  openReceiptGroup,
  parseCompact,
  receiptGroupOf,
  toBase64url,
  type CallPayload,
  type OpName,
  type ReceiptGroup,
  type VerifiedReceipt,
  type Verifier,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import type { PinStore } from '../pins.ts';
import type { PublicDocuments } from '../registry/public-documents.ts';
import type { RegistryTrust } from '../registry/registry-trust.ts';
import type { CallLedger } from '../transport/transport.ts';
import type { Head, LedgerStore } from './ledger-store.ts';
import { LogFiles } from './log-files.ts';
import { LogHead } from './log-head.ts';
import { Promises } from './promises.ts';
import { VerifiedLog } from './verified-log.ts';
import { WitnessPolicies } from './witness-policies.ts';

/** The newest verified head of the ledger. */
export interface VerifiedCheckpoint {
  /** Number of entries */
  readonly size: number;
  /** 32 bytes, base64url */
  readonly root: string;
  /** The note, with the signatures of the log and of its witnesses */
  readonly note: string;
}

/** How long to wait. */
export interface WaitOptions {
  /** Ends the wait; it then rejects with the reason of the signal */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The registry's public log, verified: signed by the pinned key and cosigned as the pinned policy asks. All that was
 * seen of it is of one history.
 */
export interface Ledger {
  /**
   * Asks for the newest checkpoint, verifies and keeps it. Concurrent callers share one request.
   * @throws RecourseError `ledger-invalid`, `ledger-rolled-back`, `ledger-forked`, `unavailable`
   */
  newest(): Promise<VerifiedCheckpoint>;
  /**
   * A verified `.tlog-proof` of an entry.
   * @param leaf hash of the entry, 32 bytes
   * @param options.within seconds to wait for it, 0 if absent
   * @throws RecourseError `not-logged` if it is not there by then, and the errors of `newest`
   */
  prove(leaf: Uint8Array, options?: WaitOptions & { readonly within?: number }): Promise<string>;
  /**
   * A `.tlog-proof` of the entry that a receipt promised. Waits as long as the receipt says, 60 seconds at most.
   * @param receipt verified, or a `Recourse-Receipt` header
   * @throws RecourseError `receipt-invalid`, `promise-broken`, `not-logged` if the receipt promised nothing, and the
   * errors of `newest`
   */
  proveReceipt(receipt: VerifiedReceipt | string, options?: WaitOptions): Promise<string>;
  /**
   * Resolves when the log has every entry that receipts of this connection promised so far.
   * @throws RecourseError `promise-broken`, and the errors of `newest`
   */
  settle(options?: WaitOptions): Promise<void>;
}

export interface LedgerClientOptions {
  readonly origin: string;
  /** Fingerprint of the witness policy, from the invite */
  readonly policy: string | undefined;
  readonly registry: RegistryTrust;
  readonly documents: PublicDocuments;
  readonly pins: PinStore;
  readonly store: LedgerStore;
  readonly clock: () => Date;
  /** The registry's time as far as it is known */
  readonly registryTime: () => Date;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly verify?: Verifier | undefined;
}

/** A checkpoint is signed at most once a second. */
const askEveryMs = 1_000;

/** {@link Ledger}, and what calls have to do with it. */
export class LedgerClient implements Ledger, CallLedger {
  readonly #options: LedgerClientOptions;
  readonly #log: VerifiedLog;
  readonly #promises: Promises;
  #isLoaded = false;

  constructor(options: LedgerClientOptions) {
    this.#options = options;
    const { origin, registry, pins, store, clock } = options;
    const files = new LogFiles(options.documents);
    const policies = new WitnessPolicies({ origin, pinned: options.policy, registry, files, pins });
    const head = new LogHead({ logOrigin: ledgerOrigin(origin), files, store });
    this.#log = new VerifiedLog({ files, policies, head });
    const receiptKey = async (receipt: string): Promise<string> =>
      (await registry.announced('receipt', parseCompact(receipt).kid)).statement;
    this.#promises = new Promises({ log: this.#log, clock, receiptKey });
  }

  async newest(): Promise<VerifiedCheckpoint> {
    return checkpointOf(await this.#newest());
  }

  async prove(
    leaf: Uint8Array,
    { within = 0, signal }: WaitOptions & { within?: number } = {},
  ): Promise<string> {
    for (let waited = 0; ; waited += askEveryMs) {
      const proof = await this.#prove(leaf);
      if (proof !== undefined) return proof;
      if (waited >= within * 1000) throw new RecourseError('not-logged');
      await this.#options.sleep(askEveryMs, signal);
    }
  }

  async proveReceipt(
    receipt: VerifiedReceipt | string,
    { signal }: WaitOptions = {},
  ): Promise<string> {
    const header = typeof receipt === 'string' ? receipt : receipt.header;
    const jws = await failAs('receipt-invalid', () => receiptGroupOf(header.trim()));
    const group = await this.#open(jws);
    for (;;) {
      // Measured before the log is asked: what it does not have then is late.
      const late = this.#isOver(group) ? await this.#newest(true) : undefined;
      const proof = await this.#prove(fromBase64url(group.entry));
      if (proof !== undefined) {
        this.#promises.kept(group.entry);
        return proof;
      }
      if (late && group.mmd === undefined) throw new RecourseError('not-logged');
      if (late) throw await this.#promises.broken({ receipt: jws }, late);
      await this.#options.sleep(askEveryMs, signal);
    }
  }

  async settle({ signal }: WaitOptions = {}): Promise<void> {
    const promised = [...this.#promises.pending.keys()];
    for (;;) {
      this.#promises.assertSound();
      if (!promised.some((leaf) => this.#promises.pending.has(leaf))) return;
      await this.#promises.look();
      if (!promised.some((leaf) => this.#promises.pending.has(leaf))) return;
      await this.#options.sleep(askEveryMs, signal);
    }
  }

  async admit(op: OpName): Promise<void> {
    if (!goesOn(op)) await this.#promises.room();
    if (this.#isLoaded) return;
    await this.#log.load();
    this.#isLoaded = true;
  }

  get checkpoint(): CallPayload['cp'] {
    const { known } = this.#log;
    return known && { size: known.size, root: toBase64url(known.root) };
  }

  promised({ entry: leaf, mmd, header }: VerifiedReceipt): void {
    if (mmd === undefined) return;
    const due = this.#options.clock().getTime() + mmd * 1000;
    this.#promises.add({ leaf, receipt: receiptGroupOf(header), due });
  }

  #newest(isOverdue = false): Promise<Head> {
    return this.#judging(this.#log.newest(), isOverdue);
  }

  #prove(leaf: Uint8Array): Promise<string | undefined> {
    return this.#judging(this.#log.prove(leaf));
  }

  async #judging<T>(answer: Promise<T>, isOverdue = false): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw this.#promises.judged(error, isOverdue);
    }
  }

  #open(jws: string): Promise<ReceiptGroup> {
    const { origin, registry, verify } = this.#options;
    return failAs('receipt-invalid', async () =>
      openReceiptGroup(jws, {
        issuer: origin,
        jwk: await registry.receiptKey(parseCompact(jws).kid),
        ...(verify ? { verify } : {}),
      }),
    );
  }

  /** Where nothing was promised nothing is broken, and nothing is waited for. */
  #isOver({ entry, at, mmd = 0 }: ReceiptGroup): boolean {
    const { clock, registryTime } = this.#options;
    const promised = this.#promises.pending.get(entry);
    if (promised) return clock().getTime() >= promised.due;
    // Clocks may differ by so much without anybody having said so.
    return registryTime().getTime() / 1000 >= at + mmd + callSkew;
  }
}

const checkpointOf = ({ size, root, note }: Head): VerifiedCheckpoint => ({
  size,
  root: toBase64url(root),
  note,
});
