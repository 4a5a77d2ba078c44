import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { stopsChecksIfDueBefore, stopsChecksIfToldBy } from './stopping.rules.ts';

/**
 * Finds what stops the checks of a party `p`: the operator, a membership that has not begun or is over, a recall that
 * it left open too long, an outcome that it owes too long. All but the first are computed: they hold with every job
 * stopped, and no longer once the recall is acknowledged or the outcome reported, in that transaction.
 */
export const checksStopped = (now: Date): RawBuilder<boolean> => sql<boolean>`(p.checks_stopped
  or p.active_from is null or p.active_from > ${now} or coalesce(p.left_at <= ${now}, false)
  or exists (
    select from recalls r where r.party = p.id and r.acknowledgement is null
      and r.superseded_by is null and r.due_at < ${stopsChecksIfDueBefore(now)})
  or exists (
    select from matches m where m.party = p.id and (m.outcome is null or m.outcome = 'pending')
      and m.due_at is not null and m.told_at <= ${stopsChecksIfToldBy(now)}))`;

/** The parties whose checks are stopped. */
export async function stoppedParties(db: Db, now: Date): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select p.id from parties p where ${checksStopped(now)}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
