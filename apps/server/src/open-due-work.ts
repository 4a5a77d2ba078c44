import {
  deliverNotices,
  dueKinds,
  mailNews,
  paceOf,
  paces,
  renewReport,
  settleKind,
  type Services,
  type StoredReport,
} from '@recourse/registry';
import { DueWork } from './due-work.ts';
import { ServerError } from './errors.ts';
import type { Log } from './log.ts';
import { Remembered } from './remembered.ts';
import type { RightClock } from './right-clock.ts';

export interface OpenDueWork {
  /** Runs over every kind, until none finds anything: what one writes may make another due */
  run(): Promise<void>;
  /** Hands in the notices that wait, in the background */
  handOverNotices(): void;
  /** Seconds since the last run over each kind ended; none of a server that runs over none */
  ages(): Record<string, number>;
  start(): void;
  stop(): Promise<void>;
}

interface DueWorkOptions {
  readonly log: Log;
  /** Counts the report of now, in a process of its own */
  readonly countReport: (signal: AbortSignal) => Promise<StoredReport | undefined>;
  readonly clock: Pick<RightClock, 'isRight'>;
}

/** Writes what falls due, beside other servers: each kind has a loop of its own. */
export function openDueWork(services: Services, options: DueWorkOptions): OpenDueWork {
  const { log } = options;
  const news = new Handing({
    hand: (signal) => mailNews(services, { signal }),
    onFailure: (error) => log.fault('news of cases', error),
  });
  const notices = new Handing({
    hand: (signal) => deliverNotices(services, { signal }),
    onFailure: (error) => log.fault('notices', error),
  });
  const mayWrite = gate(services, options);
  const hand = async (): Promise<boolean> => {
    if (!(await mayWrite())) return false;
    notices.begin();
    news.begin();
    return false;
  };
  const loops = openLoops(services, { log, mayWrite });
  const others = [
    loop('handing', { log, everyMs: paces.timer, settle: hand }),
    loop('report', {
      log,
      everyMs: paces.other,
      settle: async (signal) => (await mayWrite()) && report(services, { ...options, signal }),
    }),
  ];
  const all = [...loops.values(), ...others];
  let started: ReadonlyMap<string, DueWork> = new Map();
  return {
    run: async () => {
      for (let hasWritten = true; hasWritten;) {
        const wrote = await Promise.all(loops.values().map((loop) => loop.run()));
        hasWritten = wrote.some(Boolean);
      }
      await Promise.all(others.map((other) => other.run()));
    },
    handOverNotices: () => notices.begin(),
    ages: () => Object.fromEntries(started.entries().map(([kind, { age }]) => [kind, age])),
    start: () => {
      started = loops;
      all.forEach((one) => one.start());
    },
    stop: async () => {
      await Promise.all(all.map((one) => one.stop()));
      await Promise.all([notices.end(), news.end()]);
    },
  };
}

/**
 * Whether deadlines may be written: of an old copy of the database, or by a wrong clock, nobody knows which were met. All
 * loops ask at once, and one line of the log says why they may not.
 */
function gate(
  { ledger }: Services,
  { log, clock }: Pick<DueWorkOptions, 'log' | 'clock'>,
): () => Promise<boolean> {
  const isRight = (): Promise<boolean> =>
    clock.isRight().catch((error: unknown) => {
      log.fault('due', error);
      return false;
    });
  const shared = new Remembered(isRight, { forMs: 0 });
  return async () => ledger.fault === undefined && shared.get();
}

function openLoops(
  services: Services,
  { log, mayWrite }: { log: Log; mayWrite: () => Promise<boolean> },
): Map<string, DueWork> {
  const settle = async (kind: string, signal: AbortSignal): Promise<boolean> => {
    if (!(await mayWrite())) return false;
    const { settled, failures } = await settleKind(services, { kind, signal });
    for (const { error } of failures.slice(0, 3)) log.fault(`due ${kind}`, error);
    return settled > 0;
  };
  return new Map(
    Object.keys(dueKinds).map((kind) => {
      const name = `due ${kind}`;
      const everyMs = paceOf(kind);
      return [kind, loop(name, { log, everyMs, settle: (signal) => settle(kind, signal) })];
    }),
  );
}

const loop = (
  name: string,
  work: Pick<ConstructorParameters<typeof DueWork>[0], 'everyMs' | 'settle'> & { log: Log },
): DueWork =>
  new DueWork({
    ...work,
    onSlow: () =>
      work.log.warn(
        `SLOW: ${name} has taken more than a minute, and goes on. Look in pg_stat_activity for what it waits for.`,
      ),
    onFailure: (error) => work.log.fault(name, error),
  });

/** Hands on what goes to others, beside the runs and one at a time: a slow mail server holds up no deadline. */
class Handing {
  readonly #hand: (signal: AbortSignal) => Promise<unknown>;
  readonly #onFailure: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;

  constructor(work: {
    hand: (signal: AbortSignal) => Promise<unknown>;
    onFailure: (error: unknown) => void;
  }) {
    this.#hand = work.hand;
    this.#onFailure = work.onFailure;
  }

  /** Whoever asks during a run gets another one after it. */
  begin(): void {
    if (this.#stopping.signal.aborted) return;
    this.#again = this.#running !== undefined;
    this.#running ??= this.#hand(this.#stopping.signal)
      .then(() => undefined)
      .catch(this.#onFailure)
      .finally(() => {
        this.#running = undefined;
        if (this.#again) this.begin();
      });
  }

  /** Lets what is in hand go out. */
  async end(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }
}

/** The report of the day. Without it the report of the day before is served. */
async function report(
  services: Services,
  {
    log,
    countReport,
    signal,
  }: Pick<DueWorkOptions, 'log' | 'countReport'> & { signal: AbortSignal },
): Promise<boolean> {
  try {
    await renewReport(services, () => countReport(signal));
  } catch (error) {
    log.fault('the transparency report', error);
    if (error instanceof ServerError)
      log.warn(
        `REPORT: the report of the day was not made: ${error.message}. The last one is served, and the next attempt is in an hour. Docs: docs/transparency.md`,
      );
  }
  return false;
}
