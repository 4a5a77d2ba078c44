import { newId } from '@recourse/protocol';
import { sql, type RawBuilder } from 'kysely';
import { addDays } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';

/** Ids are in the order of time: all smaller ones are older. */
const firstCheckAt = (at: Date): string =>
  newId('chk', { now: at, random: (size) => new Uint8Array(size) });

/** When a row of each table has been kept long enough, in the words of `lives`. */
const expired = {
  answers: (now) => sql`t.at <= ${addDays(now, -30)}`,
  finds: (now) => sql`t.expires_at <= ${addDays(now, -1)}`,
  code_mails: (now) => sql`t.since <= ${addDays(now, -1)}`,
  tickets: (now) => sql`t.expires_at <= ${now}`,
  guesses: (now) => sql`t.hour <= ${addDays(now, -30)}`,
  invites: (now) => sql`t.expires_at <= ${addDays(now, -30)}`,
  proposed_inputs: (now) => sql`t.expires_at <= ${now}`,
  // One that matched is marked, and not looked at again.
  checks: (now) => sql`not t.kept and t.at <= ${addDays(now, -30)}
    and not exists (select from tickets k where t.id in (k.proven_by, k.check_id))`,
  checked_subjects: (now) => sql`t.check_id < ${firstCheckAt(addDays(now, -365))} and exists (
    select from checks c where c.id = t.check_id and c.at <= ${addDays(now, -365)})`,
  events: (now) => sql`t.acked_at <= ${addDays(now, -30)}
    or (t.acked_at is null and t.at <= ${addDays(now, -365)})`,
  remembered: (now) => sql`t.until <= ${now}`,
  reversals: (now) => sql`t.until <= ${now}`,
} as const satisfies Record<string, (now: Date) => RawBuilder<unknown>>;

export type ExpiringTable = keyof typeof expired;

const expiringTables = Object.keys(expired) as ExpiringTable[];

export const isExpiring = (table: string): table is ExpiringTable => Object.hasOwn(expired, table);

interface ExpiryQuery {
  readonly table: ExpiringTable;
  readonly now: Date;
}

/** How many rows of each table are due, no further than `most`; tables without any are not named. */
export async function countExpired(
  db: Db,
  { now, most = 1_000_000 }: { now: Date; most?: number },
): Promise<{ table: ExpiringTable; n: number }[]> {
  const counts = expiringTables.map(
    (table) => sql`select ${table}::text as "table", count(*)::int as n from (
      select from ${sql.table(table)} t where ${expired[table](now)} limit ${most}) d`,
  );
  const { rows } = await sql<{ table: ExpiringTable; n: number }>`
    select * from (${sql.join(counts, sql` union all `)}) c where n > 0`.execute(db);
  return rows;
}

/** Deletes some of them, and marks checks that stay with their match. @returns how many */
export async function settleExpired(
  db: Db,
  { table, now, limit }: ExpiryQuery & { limit: number },
): Promise<number> {
  const due = sql`ctid in (
    select t.ctid from ${sql.table(table)} t where ${expired[table](now)} limit ${limit})`;
  if (table !== 'checks') return counted(db, sql`delete from ${sql.table(table)} where ${due}`);
  const matched = sql`exists (select from matches m where m.check_id = checks.id)`;
  const kept = await counted(db, sql`update checks set kept = true where ${due} and ${matched}`);
  return kept + (await counted(db, sql`delete from checks where ${due} and not ${matched}`));
}

async function counted(db: Db, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows = 0n } = await statement.execute(db);
  return Number(numAffectedRows);
}
