import { parseCheckpoint, parseNote } from '@recourse/ledger';
import { toBase64url, type Id } from '@recourse/protocol';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import { openInspection } from '../review/inspection-opening.ts';
import { isDrawn } from '@recourse/protocol/review';
import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

// 5 % of decisions are decided again by another. States of a decision: noted with the hash of its entry, in its own
// transaction; drawn or not, by that hash and the first checkpoint with it that readers were shown; of those drawn an inspection
// is opened, for a reviewer who came before the record in no way and is shown everything but the decision.

/**
 * Draws one decision, and asks for another reviewer where it was drawn. A record that is being examined already, or whose
 * texts are erased, is not examined for it. The caller holds the lock of the record.
 * @returns whether it was drawn now, or found not to be
 */
export async function drawDecision(
  ctx: TransitionContext,
  { record, appeal: id }: { record: LockedRecord; appeal: string },
): Promise<boolean> {
  const { db } = ctx;
  const found = await oneDrawable(db, id);
  if (!found) return false;
  const { appeal, size, leaf, note } = found;
  const { root } = parseCheckpoint(parseNote(note).text);
  const again = { appeal, size, root: toBase64url(root) };
  const drawn = isDrawn({ root: again.root, leaf: toBase64url(leaf) });
  await setDrawn(db, { appeal, size, root, drawn });
  if (drawn && !record.texts_erased_at)
    await openInspection(ctx, record, { why: 'decision', again });
  return true;
}

/** The record of a decision that waits to be drawn. */
export const recordOfDecision = async (
  { db }: Pick<TransitionContext, 'db'>,
  appeal: string,
): Promise<Id<'snc'> | undefined> => (await oneDrawable(db, appeal))?.sanction;

/** A decision that may be drawn, with the first checkpoint that readers were shown and that has its entry. */
interface Drawable {
  readonly appeal: Id<'apl'>;
  readonly sanction: Id<'snc'>;
  readonly leaf: Uint8Array;
  readonly size: number;
  readonly note: string;
}

/** Decisions that were not drawn yet, and whose entry readers were shown. */
const drawable = sql`
  select l.appeal, l.sanction, l.leaf, c.size::float8 as size, c.note
  from redecisions l
  join ledger_entries e on e.leaf = l.leaf
  join lateral (
    select min(s.size) as size from ledger_served s where s.size > e.index) f on true
  join ledger_checkpoints c on c.size = f.size
  where l.drawn is null`;

export async function findDrawable(
  db: Db,
  { except, limit }: { limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ appeal: string }>`
    select appeal from (${drawable}) d where appeal <> all(${[...except]}::text[])
    order by appeal limit ${limit}`.execute(db);
  return rows.map(({ appeal }) => appeal);
}

export async function countDrawable(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${drawable}) d`.execute(db);
  return rows[0]?.n ?? 0;
}

async function oneDrawable(db: Db, appeal: string): Promise<Drawable | undefined> {
  const { rows } = await sql<Drawable>`
    select * from (${drawable}) d where appeal = ${appeal}`.execute(db);
  return rows[0];
}

/** Writes down once whether a decision was drawn. The caller holds the lock of its sanction. */
async function setDrawn(
  db: Db,
  of: { appeal: string; size: number; root: Uint8Array; drawn: boolean },
): Promise<void> {
  const { appeal, ...values } = of;
  await db.updateTable('redecisions').set(values).where('appeal', '=', appeal).execute();
}
