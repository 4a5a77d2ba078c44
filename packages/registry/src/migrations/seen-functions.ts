import { seenSeconds, seenTables, seenWindowSeconds } from '../schema/figures.ts';
import { quoted } from '../schema/quoted.ts';

/**
 * Empties the table of seen calls that is used next, and no other, and not when calls of it may be there: its rows go
 * with their file, and leave nothing to clean. It waits a moment for its lock; a little more than `deadlock_timeout`, so
 * that an autovacuum makes way.
 */
export const seenFunctions = (serviceRole: string): string[] => [
  `create function empty_seen(of_table text, at timestamptz) returns void
    language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '1200ms' as $$
    declare
      seconds bigint := floor(extract(epoch from at));
      turn bigint := seconds / ${seenSeconds};
      tables text[] := array[${quoted(seenTables)}];
    begin
      if seconds % ${seenSeconds} >= ${seenSeconds - 2 * seenWindowSeconds} then
        raise exception 'the next table is in use soon' using errcode = 'check_violation';
      end if;
      if of_table is distinct from tables[1 + (turn + 1) % ${seenTables.length}] then
        raise exception 'not the next table' using errcode = 'check_violation';
      end if;
      execute format('truncate %I', of_table);
    end $$`,
  `revoke execute on function empty_seen(text, timestamptz) from public`,
  `grant execute on function empty_seen(text, timestamptz) to ${serviceRole}`,
];
