import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import type { Db } from '../src/kernel/database.ts';

/** A transaction that did its work and has not committed. */
export interface PausedTransaction {
  commit(): Promise<void>;
  rollBack(): Promise<void>;
}

const waitingOnes = new Set<PausedTransaction>();

/** Lets everything go on that a test which failed left waiting: a registry closes when no call is under way. */
export const letGo = async (): Promise<void> => {
  for (const waiting of waitingOnes) await waiting.rollBack();
};

/** Runs work in a transaction, which then waits. */
export async function paused(
  db: Db,
  work: (trx: Db) => Promise<unknown>,
): Promise<PausedTransaction> {
  const done = Promise.withResolvers<void>();
  const end = Promise.withResolvers<boolean>();
  const transaction = db
    .transaction()
    .execute(async (trx) => {
      await work(trx);
      done.resolve();
      if (!(await end.promise)) throw new RolledBack();
    })
    .catch((error: unknown) => {
      done.reject(error);
      if (!(error instanceof RolledBack)) throw error;
    });
  await done.promise;
  const finish = (commits: boolean) => {
    end.resolve(commits);
    waitingOnes.delete(waiting);
    return transaction;
  };
  const waiting = { commit: () => finish(true), rollBack: () => finish(false) };
  waitingOnes.add(waiting);
  return waiting;
}

class RolledBack extends Error {}

/**
 * Holds up the submission with a case code where it writes its record: it has judged everything by then, and has not
 * committed. It goes on when this rolls back.
 */
export const holdUp = (
  registry: TestRegistry,
  row: { caseKey: string; model: string },
): Promise<PausedTransaction> =>
  paused(registry.ownerDb, async (trx) => {
    await sql`insert into case_codes (hash, sanction, made_at)
      values (${row.caseKey}, ${row.model}, now())`.execute(trx);
  });

/** Until this call is answered, or so many wait for a lock: then it waits, or nothing holds it up. */
export async function answeredOrWaiting(
  registry: TestRegistry,
  call: Promise<unknown>,
  waiting = 1,
): Promise<'answered' | 'waiting'> {
  const answered = call.then(
    () => 'answered' as const,
    () => 'answered' as const,
  );
  const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
  while ((await Promise.race([answered, pause()])) !== 'answered') {
    if ((await waitingNow(registry)) >= waiting) return 'waiting';
  }
  return 'answered';
}

async function waitingNow({ ownerDb }: TestRegistry): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct l.pid)::int as n from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where not l.granted and a.datname = current_database()`.execute(ownerDb);
  return rows[0]?.n ?? 0;
}
