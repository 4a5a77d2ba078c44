import {
  deliverNotices,
  mailNews,
  renewReport,
  settleDue,
  type Services,
} from '@recourse/registry';
import type { ServerConfig } from './config.ts';
import { DueWork, type DueQuery } from './due-work.ts';
import type { Log } from './log.ts';
import type { RightClock } from './right-clock.ts';

export interface OpenDueWork {
  readonly due: DueWork;
  /** Hands in the notices that wait, in the background */
  handOverNotices(): void;
  start(): void;
  stop(): Promise<void>;
}

const everyMs = 5_000;
/** Half a minute. */
const wholeEvery = 6;

interface DueWorkOptions {
  readonly log: Log;
  /** What the operator states, for the report */
  readonly config: Pick<ServerConfig, 'governance'>;
  readonly clock: Pick<RightClock, 'isRight'>;
}

/** What falls due, written by this server beside others. */
export function openDueWork(
  services: Services,
  { log, config, clock }: DueWorkOptions,
): OpenDueWork {
  const news = new Handing({
    hand: (signal) => mailNews(services, { signal }),
    onFailure: (error) => log.fault('news of cases', error),
  });
  const notices = new Handing({
    hand: (signal) => deliverNotices(services, { signal }),
    onFailure: (error) => log.fault('notices', error),
  });
  const due = new DueWork({
    settle: async (looking) => {
      // Of an old copy of the database nobody knows which deadlines were met.
      if (services.ledger.fault || !(await clock.isRight())) return false;
      if (await settlePart(services, { log, looking })) return true;
      notices.begin();
      news.begin();
      if (!looking.timersOnly) await report(services, { log, config });
      return false;
    },
    onFailure: (error) => log.fault('due', error),
    everyMs,
    wholeEvery,
  });
  return {
    due,
    handOverNotices: () => notices.begin(),
    start: () => due.start(),
    stop: async () => {
      await due.stop();
      await Promise.all([notices.end(), news.end()]);
    },
  };
}

/** What is handed to others goes out beside the runs, one at a time: a slow mail server holds up no deadline. */
class Handing {
  readonly #hand: (signal: AbortSignal) => Promise<unknown>;
  readonly #onFailure: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;

  constructor(of: {
    hand: (signal: AbortSignal) => Promise<unknown>;
    onFailure: (error: unknown) => void;
  }) {
    this.#hand = of.hand;
    this.#onFailure = of.onFailure;
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

/** @returns whether something was written: there may be more, or what follows from it */
async function settlePart(
  services: Services,
  { log, looking }: { log: Log; looking: DueQuery },
): Promise<boolean> {
  const { settled, failures } = await settleDue(services, looking);
  for (const { kind, error } of failures.slice(0, 3)) log.fault(`due ${kind}`, error);
  return settled > 0;
}

/** The report of the day, of what was just written down. Without it the report of the day before is served. */
async function report(
  services: Services,
  { log, config }: Pick<DueWorkOptions, 'log' | 'config'>,
): Promise<void> {
  try {
    await renewReport(services, { panelPaidBy: config.governance.panelPaidBy ?? null });
  } catch (error) {
    log.fault('the transparency report', error);
  }
}
