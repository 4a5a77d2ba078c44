import { appendEvent, findSanction, lockSanction, type SanctionRow } from './store.ts';
import { makeTransition } from './transition.ts';
import type { LockedRecord, Note, TransitionContext } from './transition-context.ts';

/**
 * Locks a record FOR UPDATE, then reads it: what is read cannot change before the commit. Whoever only keeps it from
 * changing takes `shareSanction`, and never locks it afterwards: two who did so would wait for each other.
 */
export async function lockRecord(
  ctx: TransitionContext,
  id: string,
): Promise<LockedRecord | undefined> {
  const row = await lockSanction(ctx.db, id);
  return row && inHand(ctx, row);
}

/** Returns a row whose lock the caller holds, with what one does with it. */
export function inHand(ctx: TransitionContext, row: SanctionRow): LockedRecord {
  ctx.changes.records.add(row.id);
  const record: LockedRecord = {
    ...row,
    key: () => ctx.services.vault.keyOf(row),
    transition: (step) => makeTransition(ctx, record, step),
    note: (note) => write(ctx, row, note),
    retain: () => void ctx.retainCallFor?.add(row.id),
    refresh: async () => inHand(ctx, (await findSanction(ctx.db, row.id)) ?? row),
  };
  return record;
}

async function write(ctx: TransitionContext, row: SanctionRow, note: Note): Promise<void> {
  const { id: sanction, version } = row;
  const { event, cause, at = ctx.now } = note;
  if (event) await appendEvent(ctx.db, { sanction, version, event, cause, at });
  if (note.entry === undefined) return;
  const { entry, detail, party, name } = note;
  ctx.changes.sanction(entry, {
    sanction,
    caseKey: ctx.services.vault.keyOf(row),
    detail,
    effective: at,
    ...(party === undefined ? {} : { party }),
    ...(name === undefined ? {} : { name }),
  });
}
