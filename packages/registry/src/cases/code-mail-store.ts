import { addDays } from '@recourse/protocol/review';
import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** A budget of a day, which begins with the first code that it pays. */
export interface CodeBudget {
  readonly budget: Uint8Array;
  readonly now: Date;
}

/** @returns when the day of the budget began; `isSpent` where it pays no more */
export async function spendCode(
  db: Db,
  { budget, now, most }: CodeBudget & { most: number },
): Promise<{ since: Date; isSpent: boolean }> {
  const isOver = sql`m.since <= ${addDays(now, -1)}`;
  const { rows } = await sql<{ since: Date }>`
    insert into code_mails as m (budget, since, sent) values (${budget}, ${now}, 1)
    on conflict (budget) do update set
      since = case when ${isOver} then excluded.since else m.since end,
      sent = case when ${isOver} then 1 else m.sent + 1 end
    where ${isOver} or m.sent < ${most}
    returning since`.execute(db);
  if (rows[0]) return { since: rows[0].since, isSpent: false };
  // Locked by the statement above, so that it stands.
  const { since } = await db
    .selectFrom('code_mails')
    .select('since')
    .where('budget', '=', budget)
    .executeTakeFirstOrThrow();
  return { since, isSpent: true };
}

/** Pays a code back that no mail server took. */
export async function payCodeBack(db: Db, { budget, now }: CodeBudget): Promise<void> {
  await db
    .updateTable('code_mails')
    .set({ sent: sql<number>`sent - 1` })
    .where('budget', '=', budget)
    .where('since', '>', addDays(now, -1))
    .where('sent', '>', 1)
    .execute();
}
