import { setTimeout as delay } from 'node:timers/promises';
import type { LoggedWitnessPolicy } from '@recourse/protocol';
import {
  insertCosignature,
  LedgerReader,
  newestCheckpoint,
  readWitnessRound,
  serveCheckpoint,
  type AskedWitness,
  type LedgerGuard,
  type Services,
  type WitnessRound,
} from '@recourse/registry';
import type { Log } from '../log.ts';
import { askWitness, type WitnessAnswer } from './ask-witness.ts';
import type { WitnessReply } from './post-to-witness.ts';

/** How soon a new checkpoint is noticed, by whichever server signed it. */
const everyMs = 200;
/** All that one witness is waited for, its name server included. */
const askMs = 5_000;
const longestPauseMs = 30_000;

export type Disagreement = 'rolled-back' | 'forked';

/** Sends a body to the address of a witness. */
export type PostToWitness = (
  url: string,
  request: { body: string; signal: AbortSignal },
) => Promise<WitnessReply>;

export interface WitnessingOptions {
  readonly services: Pick<Services, 'db' | 'clock'> & { readonly ledger: LedgerGuard };
  readonly post: PostToWitness;
  readonly log: Log;
  /** Told when so many witnesses disagree that their policy cannot be met any more */
  readonly onDisagreement: (fault: Disagreement) => void;
}

/** State of one witness, as this process knows it. */
interface Standing {
  readonly failures: number;
  /** Time of the process's clock before which it is not asked again */
  readonly pausedUntil: number;
  readonly fault?: Disagreement;
}

const sound: Standing = { failures: 0, pausedUntil: 0 };

/**
 * Has the witnesses cosign what is signed, again and again. Every server does: a witness answers the same to each.
 *
 * Each witness is asked on its own, about the newest checkpoint there is by then: neither signing nor the others wait
 * for it. Running until it is stopped or the server recovers. What is known of a witness belongs to this process; a crash
 * forgets it, and loses cosignatures that the next server asks for again.
 */
export class Witnessing {
  readonly #options: WitnessingOptions;
  readonly #ledger: LedgerReader;
  readonly #lag: WitnessLag;
  readonly #standings = new Map<string, Standing>();
  /** Keys of those whose last answer agreed with this database */
  readonly #agreeing = new Set<string>();
  #policy: LoggedWitnessPolicy | undefined;
  readonly #asking = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: WitnessingOptions) {
    this.#options = options;
    this.#ledger = new LedgerReader(options.services.db);
    this.#lag = new WitnessLag({ log: options.log, ledger: options.services.ledger });
  }

  /** Before anything is signed: asks every witness, also what it has cosigned by the word of this database. */
  async compare(): Promise<void> {
    const round = await this.#read();
    if (!round) return;
    await Promise.all(round.witnesses.map((witness) => this.#ask(witness, round)));
  }

  /** Whether as many agree as the policy asks for, by their own word to this process. */
  hasQuorum(): boolean {
    const { threshold, witnesses } = this.#policy ?? { threshold: 0, witnesses: [] };
    const agreeing = witnesses.filter(({ key }) => this.#agreeing.has(key));
    return threshold > 0 && agreeing.length >= threshold;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** After the last signature: has it cosigned, so that it is shown. What is in hand is of a checkpoint before. */
  async finish(): Promise<void> {
    await Promise.all(this.#asking.values());
    await this.compare();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all(this.#asking.values());
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted && !this.#options.services.ledger.fault) {
      await this.#look().catch((error: unknown) => this.#options.log.fault('witnesses', error));
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { db, clock } = this.#options.services;
    const round = await this.#read();
    if (!round) return;
    const { newest, served, witnesses } = round;
    // Cosigned, and not shown yet: a server was killed in between, or the time of a change is over.
    if (served < newest.size) await serveCheckpoint(db, { size: newest.size, now: clock() });
    this.#lag.look(round);
    for (const witness of witnesses) {
      const isDue = performance.now() >= this.#standing(witness).pausedUntil;
      const isAsked = witness.cosigned >= newest.size && this.#agreeing.has(witness.key);
      if (isDue && !isAsked) void this.#ask(witness, round);
    }
  }

  async #read(): Promise<WitnessRound | undefined> {
    const { db, clock } = this.#options.services;
    const round = await readWitnessRound(db, clock());
    this.#policy = round?.policy;
    return round;
  }

  /** One question at a time for each witness. */
  #ask(witness: AskedWitness, round: WitnessRound): Promise<void> {
    const inHand = this.#asking.get(witness.key);
    if (inHand) return inHand;
    const asking = this.#askNow(witness, round)
      .catch((error: unknown) => this.#options.log.fault('witnesses', error))
      .finally(() => this.#asking.delete(witness.key));
    this.#asking.set(witness.key, asking);
    return asking;
  }

  async #askNow(witness: AskedWitness, { newest, policy }: WitnessRound): Promise<void> {
    const { db, clock } = this.#options.services;
    const answer = await this.#answerOf(witness, newest);
    if (this.#stopping.signal.aborted) return;
    if (answer.outcome === 'cosigned') {
      const { line } = answer;
      await insertCosignature(db, { size: newest.size, key: witness.key, line, at: clock() });
      await serveCheckpoint(db, { size: newest.size, now: clock() });
    }
    this.#note(witness, answer);
    this.#judge(policy);
  }

  async #answerOf(
    witness: AskedWitness,
    checkpoint: WitnessRound['newest'],
  ): Promise<WitnessAnswer> {
    const { services, post } = this.#options;
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(askMs)]);
    const newestSize = async () => (await newestCheckpoint(services.db))?.size ?? 0;
    try {
      return await askWitness({
        witness,
        checkpoint,
        ledger: this.#ledger,
        newestSize,
        post: (url, body) => post(url, { body, signal }),
      });
    } catch (error) {
      return { outcome: 'failed', why: signal.aborted ? 'timeout' : whyOf(error) };
    }
  }

  /** Says what has changed with a witness, once. */
  #note(witness: AskedWitness, answer: WitnessAnswer): void {
    const { log } = this.#options;
    const before = this.#standing(witness);
    const isWell = answer.outcome === 'cosigned' || answer.outcome === 'ahead';
    const now = isWell ? sound : worse(before, answer);
    this.#standings.set(witness.key, now);
    if (isWell) this.#agreeing.add(witness.key);
    else this.#agreeing.delete(witness.key);
    const who = `Witness ${nameOf(witness.key)} (${witness.party})`;
    if (answer.outcome === 'failed' && before.failures === 0) {
      log.warn(`${who} does not cosign: ${answer.why}. It is asked again, ever more rarely.`);
    }
    if (answer.outcome === 'disagrees' && before.fault !== answer.fault) {
      log.warn(`${who} disagrees: ${whatItSays[answer.fault]} (${answer.fault}).`);
    }
    if (isWell && before.failures > 0) log.progress(`${who} cosigns again.`);
  }

  /** One witness alone stops nothing: it may err or lie. When the others are too few, nothing more would be shown. */
  #judge({ witnesses, threshold }: LoggedWitnessPolicy): void {
    const faults = witnesses.flatMap(({ key }) => this.#standings.get(key)?.fault ?? []);
    if (threshold === 0 || witnesses.length - faults.length >= threshold) return;
    this.#options.onDisagreement(faults.includes('forked') ? 'forked' : 'rolled-back');
  }

  #standing({ key }: Pick<AskedWitness, 'key'>): Standing {
    return this.#standings.get(key) ?? sound;
  }
}

const whatItSays: Readonly<Record<Disagreement, string>> = {
  'rolled-back': 'it has cosigned a larger ledger than this one',
  forked: 'it has cosigned another history than this one',
};

function worse({ failures }: Standing, answer: WitnessAnswer): Standing {
  const pauseMs = Math.min(1_000 * 2 ** failures, longestPauseMs);
  const fault = answer.outcome === 'disagrees' ? { fault: answer.fault } : {};
  return { failures: failures + 1, pausedUntil: performance.now() + pauseMs, ...fault };
}

const nameOf = (key: string): string => key.split('+', 1)[0] ?? '';

/** A code, never a message: libraries quote what came. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

const lagMs = 10_000;

/** Tells the operator, and the guard of the ledger, when what is signed is not served, for want of cosignatures. By the clock of the process. */
class WitnessLag {
  readonly #log: Log;
  readonly #ledger: Pick<LedgerGuard, 'unserved'>;
  #behind: { readonly served: number; readonly since: number } | undefined;
  #isTold = false;

  constructor(parts: { log: Log; ledger: Pick<LedgerGuard, 'unserved'> }) {
    this.#log = parts.log;
    this.#ledger = parts.ledger;
  }

  look({ newest, served, policy }: WitnessRound): void {
    if (served >= newest.size) {
      if (this.#isTold) this.#log.progress(`The ledger is served to its end again (${served}).`);
      this.#behind = undefined;
      this.#isTold = false;
      this.#ledger.unserved(0);
      return;
    }
    const now = performance.now();
    if (this.#behind?.served !== served) this.#behind = { served, since: now };
    this.#ledger.unserved(now - this.#behind.since);
    if (this.#isTold || now - this.#behind.since < lagMs) return;
    this.#isTold = true;
    this.#log.warn(
      `LAGGING: the ledger has ${newest.size} entries and is served up to ${served}: ${policy.threshold} of its ${policy.witnesses.length} witnesses must cosign, and do not. Proofs that receipts promise are late.`,
    );
  }
}
