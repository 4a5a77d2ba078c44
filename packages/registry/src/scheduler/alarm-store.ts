import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { alarmQueue } from './alarm-queue.ts';

/** Alarms by what became of them. */
export interface AlarmCounts {
  /** Set for later */
  readonly pending: number;
  /** Due, and not rung to the end */
  readonly overdue: number;
  readonly oldestOverdue: Date | null;
  /** Given up; pg-boss forgets them after a week */
  readonly failed: number;
}

export async function countAlarms(db: Db): Promise<AlarmCounts> {
  const { rows } = await sql<AlarmCounts>`
    with alarms as (
      select state, start_after, state < 'completed' and start_after <= pgboss.job_now() as late
      from pgboss.job where name = ${alarmQueue})
    select (count(*) filter (where state < 'active' and not late))::int as pending,
      (count(*) filter (where late))::int as overdue,
      min(start_after) filter (where late) as "oldestOverdue",
      (count(*) filter (where state = 'failed'))::int as failed
    from alarms`.execute(db);
  return rows[0] ?? { pending: 0, overdue: 0, oldestOverdue: null, failed: 0 };
}
