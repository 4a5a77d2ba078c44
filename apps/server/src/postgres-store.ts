import { sql } from 'kysely';
import type { Db } from '@recourse/registry';

// A server's questions about PostgreSQL itself.

/** Its clock; undefined where it answers with no row. */
export async function timeOf(db: Db): Promise<Date | undefined> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  return rows[0]?.now;
}

/** As PostgreSQL counts: 170004 is 17.4. */
export async function versionOf(db: Db): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    select current_setting('server_version_num')::int as version`.execute(db);
  return rows[0]?.version ?? 0;
}

/** What a commit waits for: `synchronous_standby_names` and `synchronous_commit` */
export async function commitSettings(db: Db): Promise<{ standbys: string; commits: string }> {
  const { rows } = await sql<{ standbys: string; commits: string }>`
    select current_setting('synchronous_standby_names') as standbys,
      current_setting('synchronous_commit') as commits`.execute(db);
  return rows[0] ?? { standbys: '', commits: 'off' };
}

/** Text that is spilled to the disk: a MiB, which goes with its statement. */
const page = '0'.repeat(8192);
const pages = 128;
/** Less than that, so that it is spilled. */
const memory = '64kB';

/**
 * Writes as a call would, and leaves nothing behind: a temporary file beside the tables, and a record of the write-ahead
 * log that waits for the disk and for a synchronous standby. The update of no row is refused where only reads are allowed.
 */
export async function writeNothing(trx: Db): Promise<void> {
  await sql`select set_config('work_mem', ${memory}, true)`.execute(trx);
  await sql`update ledger_state set size = size where false`.execute(trx);
  await sql`select count(*) from unnest(array_fill(${page}::text, array[${pages}::int]))`.execute(
    trx,
  );
  await sql`select pg_logical_emit_message(true, 'recourse', 'ready')`.execute(trx);
}
