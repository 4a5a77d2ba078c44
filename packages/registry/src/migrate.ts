import { Migrator, type Migration } from 'kysely/migration';
import { connect } from './kernel/connect.ts';
import { up } from './migrations/0001-initial.ts';

const migrations: Record<string, Migration> = { '0001-initial': { up } };

/** Brings the schema of a database up to date, as its owner. Safe to run from several servers at once. */
export async function migrate(database: { url: string }): Promise<void> {
  const db = connect({ url: database.url, connections: 1 });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
  } finally {
    await db.destroy();
  }
}
