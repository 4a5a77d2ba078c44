import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import type { Log } from '../log.ts';

/** An embedded PostgreSQL that is started again when it ends by itself. */
export interface KeptPostgres {
  readonly url: string;
  readonly ownerUrl: string;
  stop(): Promise<void>;
}

const STEPS = {
  initialising: 'Creating the database (first start only)',
  starting: 'Starting PostgreSQL',
  preparing: undefined,
  ready: undefined,
} as const;

/**
 * Starts PostgreSQL in a folder. When it dies, whoever ended it, it comes back at the same place: the pool reconnects, and
 * calls meanwhile hear 503. States: running, restarting, stopped; `stop` wins over a restart under way.
 */
export async function keepPostgres(dataDir: string, log: Log): Promise<KeptPostgres> {
  let running = await startEmbeddedPostgres({
    dataDir,
    onProgress: (step) => {
      const line = STEPS[step];
      if (line !== undefined) log.progress(line);
    },
  });
  const { url, ownerUrl } = running;
  // Its socket has one place; a port would be chosen anew.
  const { port } = new URL(url);
  const place = port === '' ? {} : { port: Number(port) };
  let isStopped = false;
  const keeping = keep();
  return {
    url,
    ownerUrl,
    stop: async () => {
      isStopped = true;
      await running.stop();
      await keeping;
    },
  };

  async function keep(): Promise<void> {
    for (;;) {
      await running.exited;
      if (isStopped) return;
      log.warn('PostgreSQL ended by itself; starting it again');
      running = await restart();
      if (isStopped) await running.stop();
    }
  }

  async function restart(): Promise<EmbeddedPostgres> {
    for (;;) {
      try {
        return await startEmbeddedPostgres({ dataDir, ...place });
      } catch (error) {
        log.fault('postgres', error);
        await sleep(1000);
      }
    }
  }
}
