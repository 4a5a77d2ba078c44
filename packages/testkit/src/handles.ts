import { connect, type Db } from '@recourse/registry';
import { watchSenders } from './faults.ts';
import { watchLocks, type LockUpgrade } from './lock-watch.ts';

/** Handles of one test on a database. */
export interface Handles {
  /** As the service role */
  readonly db: Db;
  /** As the owner of the schema */
  readonly ownerDb: Db;
  /** Locks of the service that were upgraded in a transaction */
  readonly lockUpgrades: readonly LockUpgrade[];
  /** Resolves once nothing of the test is under way. What it asks later is refused: it would meet the next test. */
  close(): Promise<void>;
}

/** The connections behind the handles of one test after another: they know its statements already. */
export interface Connections {
  handles(): Handles;
  end(): Promise<void>;
}

/** Name under which PostgreSQL shows the connections that a test may leave. */
export const keptName = 'testkit';

export function openConnections(urls: { url: string; ownerUrl: string }): Connections {
  const url = keptUrl(urls.url);
  // As many as a test of races has calls at once: none is opened before it is needed.
  const db = connect({ url, role: 'recourse_service', connections: 24 });
  const ownerDb = connect({ url: keptUrl(urls.ownerUrl), connections: 2 });
  return {
    handles: () => handlesOn({ db: db.withoutPlugins(), ownerDb: ownerDb.withoutPlugins() }),
    end: async () => {
      await Promise.all([db.destroy(), ownerDb.destroy()]);
    },
  };
}

function keptUrl(text: string): string {
  const url = new URL(text);
  url.searchParams.set('application_name', keptName);
  return url.href;
}

function handlesOn({ db, ownerDb }: Pick<Handles, 'db' | 'ownerDb'>): Handles {
  for (const handle of [db, ownerDb]) watchSenders(handle);
  const lockUpgrades = watchLocks(db);
  const closes = [db, ownerDb].map(closing);
  return {
    db,
    ownerDb,
    lockUpgrades,
    close: async () => {
      await Promise.all(closes.map((close) => close()));
    },
  };
}

/** @returns what waits for the work of a handle to end, and refuses any that comes then */
function closing(db: Db): () => Promise<void> {
  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  const executor = db.getExecutor();
  const provide = executor.provideConnection.bind(executor);
  executor.provideConnection = (consumer, options) => {
    if (isClosed) throw new Error('a test used its database after it was over');
    const work = provide(consumer, options);
    running.add(work);
    const end = (): void => void running.delete(work);
    work.then(end, end);
    return work;
  };
  return async () => {
    while (running.size > 0) await Promise.allSettled(running);
    isClosed = true;
  };
}
