/** What `global-setup` provides to the tests: connections of the service role, the owner and the superuser. */
export interface ProvidedPostgres {
  url: string;
  ownerUrl: string;
  adminUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: ProvidedPostgres;
  }
}

/** The migrated database that every fresh one is cloned from. Nobody may stay connected to it. */
export const TEMPLATE = 'recourse_template';

/** The same connection to another database. */
export function onDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
