import { LedgerFault, LedgerReader, readState, sizeOfNote, type Db } from '@recourse/registry';
import type { Log } from '../log.ts';
import { sayOnTurn } from '../say-on-turn.ts';
import { askWitness } from './ask-witness.ts';
import type { PostToWitness } from './witnessing.ts';

/** Nothing is signed meanwhile. */
const askMs = 5_000;

export interface OwnWitnessOptions {
  readonly db: Db;
  readonly witness: { readonly url: string; readonly key: string };
  readonly post: PostToWitness;
  readonly log: Log;
}

/**
 * A witness of the operator's own, on another machine: it remembers what was signed when the database forgets. It is asked
 * before anybody is shown a checkpoint, and no checkpoint is shown that it does not cosign. It is in no policy.
 */
export class OwnWitness {
  readonly #options: OwnWitnessOptions;
  readonly #ledger: LedgerReader;
  /** The size that it has cosigned last, as far as this process knows */
  #cosigned = 0;
  readonly #say: ReturnType<typeof sayOnTurn>;

  constructor(options: OwnWitnessOptions) {
    this.#options = options;
    this.#ledger = new LedgerReader(options.db);
    this.#say = sayOnTurn(options.log, { over: cosignsAgain, level: 'alarm' });
  }

  /**
   * @returns whether it has cosigned this; not while it is away, nor where another server has gone further
   * @throws LedgerFault `rolled-back` or `forked` where it has cosigned more than the database has, or another history
   */
  async cosigns(note: string): Promise<boolean> {
    const answer = await this.#ask(note);
    if (answer.outcome === 'disagrees') throw new LedgerFault(answer.fault);
    if (answer.outcome === 'cosigned') this.#cosigned = sizeOfNote(note);
    this.#say(answer.outcome === 'failed' ? [away(answer.why)] : undefined);
    return answer.outcome === 'cosigned';
  }

  async #ask(note: string) {
    const { db, witness, post } = this.#options;
    const signal = AbortSignal.timeout(askMs);
    try {
      return await askWitness({
        witness: { ...witness, cosigned: Math.min(this.#cosigned, sizeOfNote(note)) },
        checkpoint: { size: sizeOfNote(note), note },
        ledger: this.#ledger,
        // Another server asks before its checkpoint is in the database: its tree is there, and durable.
        newestSize: async () => (await readState(db)).size,
        post: (url, body) => post(url, { body, signal }),
      });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no-answer';
      return { outcome: 'failed', why: signal.aborted ? 'timeout' : code } as const;
    }
  }
}

const away = (why: string): string =>
  `UNSIGNED: the witness in RECOURSE_WITNESS_URL does not cosign (${why}). Nothing is signed until it does, and after half a minute calls are refused.`;
const cosignsAgain = 'The witness in RECOURSE_WITNESS_URL cosigns again.';
