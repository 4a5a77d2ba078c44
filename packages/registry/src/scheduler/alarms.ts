import { PgBoss, type JobResult, type JobWithMetadata } from 'pg-boss';
import type { Services } from '../context/context.ts';
import { alarmQueue } from './alarm-queue.ts';
import { bossDatabase } from './boss-database.ts';

/** All that an alarm carries. */
export interface Alarm {
  readonly kind: string;
  readonly id: string;
}

/** What a run of the sweep left behind. */
export interface Swept {
  /** Whether it looked at everything that is due */
  readonly isWhole: boolean;
  /** What stayed due, by {@link alarmKey} */
  readonly failed: ReadonlySet<string>;
}

export interface AlarmsOptions {
  readonly services: Pick<Services, 'db' | 'clock'>;
  /** Settles whatever is due, in the order of its deadlines, in a run that began no earlier than now */
  readonly sweep: () => Promise<Swept>;
  /** Told once of an alarm that failed each time it was rung; the sweep goes on trying what it stands for */
  readonly onGivenUp: (alarm: Alarm) => void;
  /** Told when PostgreSQL could not be asked; pg-boss asks again */
  readonly onFailure: (error: unknown) => void;
  /** Between two looks for alarms that are due */
  readonly everySeconds?: number;
}

/** It counts alarms, of which there may be many, and takes back what a server was killed with. */
const upkeepSeconds = 300;

export const alarmKey = ({ kind, id }: Alarm): string => `${kind} ${id}`;

/**
 * Alarm clocks for what falls due, on pg-boss. The rows that start a clock set its alarm (`migrations/alarms.ts`), so
 * a change that is rolled back has none. An alarm decides nothing: it is the word to look at what is due, which is
 * settled under its own locks. One that rings twice, late, or on two servers at once changes nothing more; one that is
 * lost is made up for by the sweep. A process that is killed leaves its alarm `active`: pg-boss hands it out again
 * after 15 minutes, and the sweep at the next start comes before that.
 */
export class Alarms {
  readonly #options: AlarmsOptions;
  readonly #boss: PgBoss;

  constructor(options: AlarmsOptions) {
    this.#options = options;
    this.#boss = new PgBoss({
      db: bossDatabase(options.services.db),
      migrate: false,
      createSchema: false,
      schedule: false,
      registerInstance: false,
      superviseIntervalSeconds: upkeepSeconds,
      monitorIntervalSeconds: upkeepSeconds,
      persistWarnings: false,
      monitorVacuum: false,
      reindex: false,
    });
    this.#boss.on('error', options.onFailure);
  }

  /** @throws Error when the schema of pg-boss is not that of this version */
  async start(): Promise<void> {
    const { everySeconds = 5 } = this.#options;
    await this.#boss.start();
    const how = {
      pollingIntervalSeconds: everySeconds,
      batchSize: 256,
      burstWhenBatchFull: true,
      includeMetadata: true,
      perJobResults: true,
    } as const;
    await this.#boss.work<Alarm, unknown, typeof how>(alarmQueue, how, (alarms) =>
      this.#ring(alarms),
    );
  }

  /** Lets the alarm in hand finish. */
  async stop(): Promise<void> {
    await this.#boss.stop({ close: false });
  }

  /** Fails an alarm only where what it stands for stayed due, so that pg-boss rings it again, later and later. */
  async #ring(alarms: readonly JobWithMetadata<Alarm>[]): Promise<JobResult[]> {
    const { services, sweep, onGivenUp } = this.#options;
    const { isWhole, failed } = await sweep();
    const now = services.clock();
    return alarms.map(({ id, data, startAfter, retryCount, retryLimit }) => {
      const hasFailed = failed.has(alarmKey(data));
      if (hasFailed && retryCount >= retryLimit) onGivenUp(data);
      // The clock of PostgreSQL may be ahead of ours, by which the alarm rang.
      const isSettled = isWhole && !hasFailed && startAfter <= now;
      return { id, status: isSettled ? 'completed' : 'failed' };
    });
  }
}
