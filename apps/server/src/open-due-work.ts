import {
  alarmKey,
  Alarms,
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
  const mails = new Mails(services, log);
  const due = new DueWork({
    settle: async () => {
      const part = await settlePart(services, log);
      if (part.isWhole && !part.again) {
        mails.begin();
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
    start: async () => {
      await startAlarms(alarms);
      due.start();
    },
    stop: async () => {
      await alarms.stop();
      await due.stop();
      await mails.end();
    },
  };
}

/** News of cases go out beside the sweep, one run at a time: a slow mail server holds up no deadline. */
class Mails {
  readonly #services: Services;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(services: Services, log: Log) {
    this.#services = services;
    this.#log = log;
  }

  begin(): void {
    this.#running ??= mailNews(this.#services, { signal: this.#stopping.signal })
      .then(() => undefined)
      .catch((error: unknown) => this.#log.fault('news of cases', error))
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Lets the mail in hand go out. */
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
