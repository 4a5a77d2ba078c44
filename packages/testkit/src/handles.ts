import { connect, type Db } from '@recourse/registry';
import { watchLocks, type LockUpgrade } from './lock-watch.ts';

/** Handles on one database, which one test after another uses. */
export interface Handles {
  /** As the service role */
  readonly db: Db;
  /** As the owner of the schema */
  readonly ownerDb: Db;
  /** Locks of the service that were upgraded in a transaction, since the last test ended */
  readonly lockUpgrades: readonly LockUpgrade[];
  /** Resolves when nothing of the test is under way any more; the next one begins. */
  settled(): Promise<void>;
  end(): Promise<void>;
}

export function openHandles({ url, ownerUrl }: { url: string; ownerUrl: string }): Handles {
  // As many as a test of races has calls at once: none is opened before it is needed.
  const db = connect({ url, role: 'recourse_service', connections: 24 });
  const ownerDb = connect({ url: ownerUrl, connections: 2 });
  const lockUpgrades = watchLocks(db);
  const underWay = [db, ownerDb].map(watchWork);
  return {
    db,
    ownerDb,
    lockUpgrades,
    settled: async () => {
      for (const running of underWay) {
        while (running.size > 0) await Promise.allSettled(running);
      }
      lockUpgrades.length = 0;
    },
    end: async () => {
      await Promise.all([db.destroy(), ownerDb.destroy()]);
    },
  };
}

/** @returns what is done on connections of a handle, as long as it is */
function watchWork(db: Db): ReadonlySet<Promise<unknown>> {
  const running = new Set<Promise<unknown>>();
  const executor = db.getExecutor();
  const provide = executor.provideConnection.bind(executor);
  executor.provideConnection = (consumer, options) => {
    const work = provide(consumer, options);
    running.add(work);
    const end = (): void => void running.delete(work);
    work.then(end, end);
    return work;
  };
  return running;
}
