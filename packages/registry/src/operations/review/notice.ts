import { toTimestamp, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { findSanction } from '../../records/store.ts';
import { waitingFor, withheld } from '../../review/notice-review.ts';
import { nextWithheld } from '../../review/notice-store.ts';
import { placeOf } from '../../vault/vault.ts';

/** Assigned, not picked: there is one that a reviewer may look at now, the longest withheld. */
export async function nextNotice(ctx: CallContext): Promise<OpOutput<'review.notice'>> {
  const { db } = ctx;
  const id = await nextWithheld(db, waitingFor(ctx));
  const record = withheld(id === undefined ? undefined : await findSanction(db, id));
  const caseKey = ctx.services.vault.keyOf(record);
  return {
    sanction: record.id,
    reason: record.reason,
    ground: record.withheld_ground,
    statement: record.statement,
    account: (
      caseKey.openJson(record.account, placeOf('sanctions.account', record)) as { text: string }
    ).text,
    noticeDueAt: toTimestamp(record.notice_due_at),
  };
}
