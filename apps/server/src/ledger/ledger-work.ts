import { setTimeout as delay } from 'node:timers/promises';
import type { NoteSigner } from '@recourse/ledger';
import {
  assertReached,
  LedgerFault,
  Sequencer,
  newestCheckpoint,
  readState,
  signCheckpoint,
  SignedHistory,
  type LedgerGuard,
  type Services,
} from '@recourse/registry';
import type { KeptCheckpoints } from './kept-checkpoints.ts';

/**
 * Nothing waits for a wake-up: other servers commit, too. On an idle database a round is four reads by index and writes
 * nothing: of one core half a percent here, a quarter in PostgreSQL.
 */
const everyMs = 200;
/** A checkpoint at most so often, however fast the log grows, and a comparison with what is kept outside. */
const signEveryMs = 1_000;

/** No operation: only an old copy of the database is looked for. */
const noCall = '';

export interface LedgerWorkOptions {
  readonly services: Pick<Services, 'db' | 'clock'> & { readonly ledger: LedgerGuard };
  readonly signer: NoteSigner;
  readonly kept: KeptCheckpoints;
  /** Asked about a checkpoint before anybody is shown it: whether it may be shown */
  readonly mayShow: (note: string) => Promise<boolean>;
  /** Done with every comparison, also while nothing is to be signed */
  readonly look: () => Promise<unknown>;
  /** Neither sequences nor signs, as a server of role `api`: it only sees how much waits */
  readonly watchesOnly?: boolean;
  readonly onFailure: (error: unknown) => void;
  /** Told once, when this server begins to recover */
  readonly onFault: (fault: LedgerFault) => void;
}

/**
 * Moves what waits into the log and signs it, again and again. Every worker does; the database lets one at a time.
 *
 * Running until it is stopped or finds the ledger at fault: then nothing is sequenced or signed by this process any
 * more. Whatever else fails is tried again; what waits stays, and once it has waited too long nothing more is taken.
 */
export class LedgerWork {
  readonly #options: LedgerWorkOptions;
  readonly #sequencer: Sequencer;
  readonly #history: SignedHistory;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  /** One at a time, beside the steps of the sequencer */
  #showing: Promise<void> | undefined;
  #signedAt = -Infinity;
  /** Size of the log that was not signed when a server that only watches looked */
  #unsigned: number | undefined;
  #followedAt = -Infinity;

  constructor(options: LedgerWorkOptions) {
    const { services, signer, kept } = options;
    this.#options = options;
    this.#history = new SignedHistory(signer);
    this.#sequencer = new Sequencer(services.db, async (trx) =>
      this.#history.assertIn(trx, await kept.read()),
    );
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Lets the step in hand finish, then logs and signs what waits now. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    if (!this.#running || this.#options.services.ledger.fault) return;
    await this.#attempt(async () => {
      await this.#sequence();
      await this.#show(true);
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted && !this.#options.services.ledger.fault) {
      await this.#attempt(() => this.#sequence());
      // What is committed meanwhile does not wait for a checkpoint over what was committed before.
      this.#showing ??= this.#attempt(() => this.#show(false)).finally(
        () => (this.#showing = undefined),
      );
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
    await this.#showing;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof LedgerFault && error.code !== 'state-moved') this.#recover(error);
      else this.#options.onFailure(error);
    }
  }

  /** Looked at first: a step takes a lock, and with it a transaction and a write of the log of the database. */
  async #sequence(): Promise<void> {
    const { db, ledger } = this.#options.services;
    await ledger.backlog.look(db);
    // What others signed is known to a server that nobody calls, too.
    await assertReached(db, ledger, noCall);
    if (ledger.backlog.isEmpty || this.#options.watchesOnly) return;
    while ((await this.#sequencer.step()).more && !this.#stopping.signal.aborted);
  }

  async #show(now: boolean): Promise<void> {
    try {
      await this.#follow();
      await this.#sign(now);
    } catch (error) {
      // What fails before a signature holds it up as well: the time counts.
      await this.#watch().catch(() => undefined);
      throw error;
    }
  }

  /** Every server keeps the newest checkpoint, whoever signed it: its database may be an old copy by the next one. */
  async #follow(): Promise<void> {
    const { services, kept, look } = this.#options;
    if (performance.now() - this.#followedAt < signEveryMs) return;
    await look();
    const keep = (note: string): Promise<boolean> => kept.keep(note).then(() => true);
    await this.#history.follow(services.db, { read: () => kept.read(), keep });
    this.#followedAt = performance.now();
  }

  async #sign(now: boolean): Promise<void> {
    const { services, signer, kept, mayShow } = this.#options;
    // Found by the patrol, or by the sequencer, meanwhile.
    if (services.ledger.fault) return;
    if (!now && performance.now() - this.#signedAt < signEveryMs) return;
    if (this.#options.watchesOnly) return this.#watch();
    const outside = {
      read: () => kept.read(),
      keep: async (note: string) => {
        services.ledger.signing(true);
        if (!(await mayShow(note)) || services.ledger.fault) return false;
        await kept.keep(note);
        return true;
      },
    };
    const history = this.#history;
    const signing = { db: services.db, signer, now: services.clock(), outside, history };
    const signed = await signCheckpoint(signing);
    services.ledger.signing(false);
    if (signed) this.#signedAt = performance.now();
  }

  /** Others sign: what waits for them longer than a receipt promises holds up this server, too. */
  async #watch(): Promise<void> {
    const { db, ledger } = this.#options.services;
    this.#signedAt = performance.now();
    const signed = (await newestCheckpoint(db))?.size ?? 0;
    if (this.#unsigned !== undefined && signed < this.#unsigned) return;
    const { size } = await readState(db);
    this.#unsigned = size > signed ? size : undefined;
    ledger.signing(false);
    ledger.signing(this.#unsigned !== undefined);
  }

  #recover(fault: LedgerFault): void {
    const { services, onFailure, onFault } = this.#options;
    onFailure(fault);
    services.ledger.recover(fault.code);
    onFault(fault);
  }
}
