import {
  alarmKey,
  Alarms,
  deliverNotices,
  mailNews,
  renewReport,
  settleDue,
  type Services,
} from '@recourse/registry';
import type { ServerConfig } from './config.ts';
import { DueWork, type Part } from './due-work.ts';
import { ServerError } from './errors.ts';
import type { Log } from './log.ts';

export interface OpenDueWork {
  readonly due: DueWork;
  /** Hands in the notices that wait, in the background */
  handOverNotices(): void;
  /** @throws ServerError `migration_failed` when the schema of the alarms is another version's */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** An alarm that was lost is made up for within this time. */
const sweepMs = 5 * 60_000;
/** Alarms ring by real time: what is due by the clock of a sandbox that was moved on is found by looking. */
const sandboxSweepMs = 30_000;

interface DueWorkOptions {
  readonly log: Log;
  readonly isSandbox: boolean;
  /** What the operator states, for the report */
  readonly config: Pick<ServerConfig, 'governance'>;
}

/** What falls due, with its alarm clocks: both look at the same, and neither depends on the other. */
export function openDueWork(
  services: Services,
  { log, isSandbox, config }: DueWorkOptions,
): OpenDueWork {
  const onFailure = (error: unknown): void => log.fault('due', error);
  const news = new Handing({
    hand: (signal) => mailNews(services, { signal }),
    onFailure: (error) => log.fault('news of cases', error),
  });
  const notices = new Handing({
    hand: (signal) => deliverNotices(services, { signal }),
    onFailure: (error) => log.fault('notices', error),
  });
  const due = new DueWork({
    settle: async () => {
      const part = await settlePart(services, log);
      if (part.isWhole && !part.again) {
        notices.begin();
        news.begin();
        await report(services, { log, config });
      }
      return part;
    },
    onFailure,
    everyMs: isSandbox ? sandboxSweepMs : sweepMs,
  });
  const alarms = new Alarms({
    services,
    sweep: () => due.run(),
    onGivenUp: ({ kind }) => log.fault(`an alarm of ${kind}`, givenUp(kind)),
    onFailure: (error) => log.fault('alarms', error),
  });
  return {
    due,
    handOverNotices: () => notices.begin(),
    start: async () => {
      await startAlarms(alarms);
      due.start();
    },
    stop: async () => {
      await alarms.stop();
      await due.stop();
      await Promise.all([notices.end(), news.end()]);
    },
  };
}

/** What is handed to others goes out beside the sweep, one run at a time: a slow mail server holds up no deadline. */
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

async function settlePart(services: Services, log: Log): Promise<Part> {
  // Of an old copy of the database nobody knows which deadlines were met.
  if (services.ledger.fault) return { isWhole: false, failed: new Set(), again: false };
  const { settled, remaining, failures } = await settleDue(services);
  for (const { kind, error } of failures.slice(0, 3)) log.fault(`due ${kind}`, error);
  // What is in the hands of others, or failed, waits for the next time.
  const again = settled > 0 && remaining > 0;
  return { isWhole: true, failed: new Set(failures.map(alarmKey)), again };
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

async function startAlarms(alarms: Alarms): Promise<void> {
  try {
    await alarms.start();
  } catch (cause) {
    throw new ServerError(
      'migration_failed',
      'The alarms could not be started: their schema pgboss is missing or of another version. Start one server with a DATABASE_OWNER_URL of the owner of the database.',
      { cause },
    );
  }
}

const givenUp = (kind: string): ServerError =>
  new ServerError(
    'alarm_given_up',
    `Something of ${kind} stays due: recourse-server doctor --alarms counts it, the faults logged as "due ${kind}" say why.`,
  );
