import { join } from 'node:path';
import type { ServerConfig } from './config/config.ts';
import { runningPostgresUrl, startEmbeddedPostgres } from './postgres/embedded-postgres.ts';

/**
 * Does something as the owner of the database. The embedded PostgreSQL of a server that runs is used beside it; that of one
 * that does not is started for as long as this takes.
 */
export async function withOwnerUrl<T>(
  { databaseUrl, databaseOwnerUrl, dataDir }: ServerConfig,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const folder = join(dataDir, 'postgres');
  const url = databaseOwnerUrl ?? databaseUrl ?? runningPostgresUrl(folder, 'recourse_owner');
  if (url !== undefined) return work(url);
  const postgres = await startEmbeddedPostgres({ dataDir: folder });
  try {
    return await work(postgres.ownerUrl);
  } finally {
    await postgres.stop();
  }
}
