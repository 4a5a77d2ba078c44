import type { CallContext } from '../context.ts';
import { caseOf } from '../cases/open-case.ts';
import { issueRecalls } from '../recalls/issue-recalls.ts';
import { materialise } from '../sanctions/ending.ts';
import { standingOf } from '../sanctions/record.ts';
import {
  appendEvent,
  findSanction,
  liveSignedBy,
  lockSanction,
  type SanctionRow,
} from '../sanctions/store.ts';
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
  const recalls = await issueRecalls(ctx, record, { version, kind: 'pause' });
  ctx.changes.sanction('sanction-suspended', {
    ...(await caseOf(ctx, record)),
    detail: { cause, version },
    cause: 'early',
    recalls,
  });
  ctx.keepWith.add(sanction);
}
