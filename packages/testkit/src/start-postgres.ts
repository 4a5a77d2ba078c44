import {
  type EmbeddedPostgres,
  freePort,
  startEmbeddedPostgres,
} from '@recourse/server/embedded-postgres';

/**
 * Starts a PostgreSQL for tests in `dir`: it may lose everything in a crash, and is fast for it. It listens on a port,
 * which tests name to programs that know no socket.
 */
export async function startPostgres(options: {
  dir: string;
  port?: number;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const { dir: dataDir, port = await freePort(), settings } = options;
  return startEmbeddedPostgres({ dataDir, port, settings: { ...SETTINGS, ...settings } });
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
