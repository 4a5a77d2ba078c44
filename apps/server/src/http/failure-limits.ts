import { SourceLimits } from './source-limits.ts';

/** The party that a failure is charged to. */
export interface Payer {
  readonly source: string;
  /** The protected header of a call as it came, which names its key: attacker-controlled until a call verified */
  readonly key?: string | undefined;
}

export interface FailureEntry {
  /** 0 where the request may go on */
  readonly waitSeconds: number;
  settle(outcome: { isFailure: boolean }): void;
}

interface FailureLimitsOptions {
  /** Failures of one address at once */
  readonly burst: number;
  readonly perSecond: number;
  /** Milliseconds that only grow */
  readonly now?: () => number;
}

/** How long a key passes after its last good call from an address. */
const passMs = 600_000;
/** Passes remembered; the one longest unseen is forgotten */
const mostPasses = 20_000;
/**
 * What failures under the name of a key that passes may cost, of what an address may. Whoever shares an address with a
 * member can read the name of its key, and would otherwise shut it out as cheaply as everybody else there.
 */
const passFactor = 25;

/**
 * Bounds the work that failures cost, by address. A key of which a call verified from this address in the last minutes
 * has a bucket of its own there: what its neighbours fail at takes nothing from it.
 */
export class FailureLimits {
  readonly #now: () => number;
  readonly #strangers: SourceLimits;
  readonly #known: SourceLimits;
  /** When a key last verified, by address and key, and by address, each in the order of last use */
  readonly #passes = new Map<string, number>();
  readonly #sources = new Map<string, number>();

  constructor({ burst, perSecond, now }: FailureLimitsOptions) {
    this.#now = now ?? (() => performance.now());
    const clock = { now: this.#now };
    this.#strangers = new SourceLimits({ burst, perSecond, ...clock });
    this.#known = new SourceLimits({
      burst: burst * passFactor,
      perSecond: perSecond * passFactor,
      ...clock,
    });
  }

  /** Seconds until a request of this source is read at all; 0 where it is now. */
  waitSeconds(source: string): number {
    return this.#isRecent(this.#sources, source) ? 0 : this.#strangers.waitSeconds(source);
  }

  /** Whether strangers from this source have used up what it may fail at. */
  isLimited(source: string): boolean {
    return this.#strangers.waitSeconds(source) > 0;
  }

  /** Lets one request in, or says how many seconds to wait. Whoever enters settles. */
  enter({ source, key }: Payer): FailureEntry {
    const name = `${source} ${key ?? ''}`;
    const passes = key !== undefined && this.#isRecent(this.#passes, name);
    const [limits, payer] = passes ? [this.#known, name] : [this.#strangers, source];
    const { waitSeconds, isPaid } = limits.enter(payer);
    return {
      waitSeconds,
      settle: ({ isFailure }) => {
        if (isFailure && !isPaid) limits.charge(payer);
        if (!isFailure && isPaid) limits.refund(payer);
        if (!isFailure && key !== undefined) this.#remember(source, name);
      },
    };
  }

  /** Charges what failed before it named a key. */
  charge(source: string): void {
    this.#strangers.charge(source);
  }

  #remember(source: string, name: string): void {
    touch(this.#passes, name, this.#now());
    touch(this.#sources, source, this.#now());
  }

  #isRecent(times: ReadonlyMap<string, number>, name: string): boolean {
    const at = times.get(name);
    return at !== undefined && this.#now() - at <= passMs;
  }
}

function touch(times: Map<string, number>, name: string, at: number): void {
  times.delete(name);
  times.set(name, at);
  const [oldest] = times.keys();
  if (times.size > mostPasses && oldest !== undefined) times.delete(oldest);
}
