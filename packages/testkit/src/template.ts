import process from 'node:process';
import { inject } from 'vitest';

/** Connections that `global-setup` provides to the tests: of the service role, the owner and the superuser. */
export interface ProvidedPostgres {
  url: string;
  ownerUrl: string;
  adminUrl: string;
  /** Returns a clone to what the template holds */
  wipe: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** One for each worker */
    postgres: ProvidedPostgres[];
  }
}

/** The migrated database that every fresh one is cloned from. Nobody may stay connected to it. */
export const TEMPLATE = 'recourse_template';

/** The PostgreSQL of this worker: what one file holds open, another file never waits for. */
export function workerPostgres(): ProvidedPostgres {
  const found = inject('postgres')[Number(process.env['VITEST_POOL_ID']) - 1];
  if (found === undefined) throw new Error('no PostgreSQL: the project needs the global setup');
  return found;
}

/** The same connection to another database. */
export function onDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
