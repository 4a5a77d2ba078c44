import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Db } from '@recourse/registry';
import type { ServerConfig } from '../config/config.ts';
import { runningPostgresUrl, startEmbeddedPostgres } from '../postgres/embedded-postgres.ts';
import { ServerError } from '../errors.ts';

export interface InspectedDatabase {
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * Opens the configured database as it is: no schema is brought up to date, no cluster made. The embedded PostgreSQL of
 * a server that runs is used beside it; that of one that does not is started for as long as this takes.
 * @throws ServerError `database_unreachable`, or those of the embedded PostgreSQL
 */
export async function lookAtDatabase(
  config: Pick<ServerConfig, 'databaseUrl' | 'dataDir'>,
): Promise<InspectedDatabase> {
  if (config.databaseUrl !== undefined) return opened(config.databaseUrl);
  const dataDir = join(config.dataDir, 'postgres');
  if (!existsSync(join(dataDir, 'cluster'))) {
    throw new ServerError(
      'database_unreachable',
      `There is no database in ${dataDir}: set RECOURSE_DATA_DIR, or DATABASE_URL, to that of the server.`,
    );
  }
  const running = runningPostgresUrl(dataDir);
  if (running !== undefined) return opened(running);
  const postgres = await startEmbeddedPostgres({ dataDir });
  const { db } = opened(postgres.url);
  return {
    db,
    close: async () => {
      await db.destroy();
      await postgres.stop();
    },
  };
}

/** Without the timeouts of a server: a statement here may read a table whole. */
function opened(url: string): InspectedDatabase {
  const db = connect({ url, connections: 1 });
  return { db, close: () => db.destroy() };
}
