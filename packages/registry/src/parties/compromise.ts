import { recallsOwed } from '@recourse/protocol';
import { dueAt } from '../bounds.ts';
import type { CallContext } from '../context.ts';
import { pairOf } from '../ledger/changes.ts';
import { caseOf, materialise } from '../sanctions/ending.ts';
import { standingOf } from '../sanctions/record.ts';
import {
  appendEvent,
  findSanction,
  insertRecalls,
  liveSignedBy,
  lockSanction,
  toldPlatforms,
  type SanctionRow,
} from '../sanctions/store.ts';
import { freshId } from './fresh-id.ts';
import { insertSuspension } from './suspension-store.ts';

const cause = 'key-compromised';

/**
 * Suspends every live sanction that a stolen key signed and the registry received at or after `since`. The
 * caller holds the key's row for update, and a submission holds it shared, so none slips past.
 *
 * @returns how many were suspended
 */
export async function suspendSigned(
  ctx: CallContext,
  of: { kid: string; since: Date },
): Promise<number> {
  let suspended = 0;
  for (const id of await liveSignedBy(ctx.db, { ...of, now: ctx.now })) {
    const locked = await lockSanction(ctx.db, id);
    if (!locked?.submitted_at) continue;
    await materialise(ctx, locked);
    const record = await findSanction(ctx.db, id);
    if (!record || standingOf(record, ctx.now).ended) continue;
    if (record.open_suspensions.includes(cause)) continue;
    await suspend(ctx, record);
    suspended++;
  }
  return suspended;
}

async function suspend(ctx: CallContext, record: SanctionRow): Promise<void> {
  const { id: sanction } = record;
  const version = record.version + 1;
  await insertSuspension(ctx.db, { sanction, cause, since: ctx.now, version });
  await appendEvent(ctx.db, { sanction, version, event: 'suspended', cause, at: ctx.now });
  const recalls = await issuePauses(ctx, record, version);
  ctx.changes.sanction('sanction-suspended', {
    ...(await caseOf(ctx, record)),
    detail: { cause, version },
    cause: 'early',
    recalls,
  });
  ctx.keepWith.add(sanction);
}

/** Every platform that was told of an earlier version owes a pause. */
async function issuePauses(
  ctx: CallContext,
  record: SanctionRow,
  version: number,
): Promise<{ count: number; root: string }> {
  const { db, now, services } = ctx;
  const told = (await toldPlatforms(db, [record.id])).get(record.id) ?? [];
  if (told.length === 0) return recallsOwed([]);
  const of = await caseOf(ctx, record);
  const due = dueAt(now, services.deadlines.recallHours);
  for (const party of told) {
    const id = freshId('rcl', ctx);
    const recall = { sanction: record.id, version, party, kind: 'pause' as const };
    await insertRecalls(db, [{ id, ...recall, issued_at: now, due_at: due }]);
    ctx.changes.pair('recall-issued', {
      ...of,
      party,
      detail: { recall: id, kind: 'pause', version },
    });
  }
  return recallsOwed(told.map((party) => pairOf({ ...of, party })));
}
