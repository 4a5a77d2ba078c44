import { type EmbeddedPostgres, startEmbeddedPostgres } from '@recourse/server/embedded-postgres';

/** Starts a PostgreSQL for tests in `dir`: it may lose everything in a crash, and is fast for it. */
export function startPostgres(options: { dir: string; port?: number }): Promise<EmbeddedPostgres> {
  const { dir, ...rest } = options;
  return startEmbeddedPostgres({ dataDir: dir, ...rest, settings: SETTINGS });
}

const SETTINGS: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  max_wal_size: '2GB',
  // Each login of a role costs both sides thousands of rounds otherwise.
  scram_iterations: '1',
};
