import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { emit } from '../told/events/emit.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { isUnsaid, reversals, speechSuspensionOf } from '../parties/expression-store.ts';
import type { SpeechCause } from '../parties/expression.rules.ts';
import { openReexaminations } from '../review/inspection-opening.ts';
import { suspendParty } from '../parties/suspending.ts';

/**
 * Writes the suspension down in the transaction of the appeal that brings it, and has the records of the group examined
 * again. The sanction is locked already, and parties are locked before sanctions elsewhere: a group of which somebody
 * else has a party is not waited for, and the scheduler writes it. It refuses submissions all the same.
 * @returns whether it was written now
 */
export async function suspendForSpeech(ctx: TransitionContext, party: string): Promise<boolean> {
  const { db, now } = ctx;
  const why = await speechSuspensionOf(db, { party, now });
  if (why === undefined) return false;
  const members = await groupOf(db, { party, now });
  if (members.isSaid || !(await stopAtOnce(db, members.parties))) return false;
  let records = 0;
  for (const member of members.parties)
    records += await openReexaminations(ctx, { party: member, since: now });
  await suspendParty(ctx, { party, cause: why, since: now }, { records });
  await tellParty(ctx, party);
  return true;
}

/** Those that answer for it together, and whether it stands against one of them. */
async function groupOf(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<{ parties: string[]; isSaid: boolean }> {
  const { rows } = await sql<{ id: string; said: boolean }>`
    select g.id, not ${isUnsaid(sql`g.id`)} as said
    from group_members(${party}, ${now}, true) as g(id) order by g.id`.execute(db);
  return { parties: rows.map(({ id }) => id), isSaid: rows.some(({ said }) => said) };
}

/** Locks all of them against submissions; false where somebody has one of them. */
async function stopAtOnce(db: Db, parties: readonly string[]): Promise<boolean> {
  const { rows } = await sql`select from parties where id = any(${[...parties]}::text[])
    order by id for update skip locked`.execute(db);
  return rows.length === parties.length;
}

/** Of the newest of its cases that the suspension came with. */
async function tellParty(ctx: TransitionContext, party: string): Promise<void> {
  const { rows } = await sql<{ sanction: string; version: number; cause: SpeechCause }>`
    select r.sanction, r.version, r.cause from (${reversals(ctx.now)}) r
    where r.party = ${party} order by r.at desc, r.sanction limit 1`.execute(ctx.db);
  const [newest] = rows;
  if (!newest) return;
  const { sanction, version, cause } = newest;
  await emit(ctx, { party, sanction, type: 'party-suspended', body: { version, cause } });
}
