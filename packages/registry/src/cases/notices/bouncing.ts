import { standingOf } from '../../records/record.ts';
import { setNoticeDue, subjectsOf, type SanctionRow } from '../../records/store.ts';
import { noticeDueAfterBounce } from './notice.rules.ts';
import { noteUndelivered } from './noting.ts';
import { oweNotice, type NoticeContext } from './settling.ts';
import { setBounced, setRefused, type DeliveryRow } from './store.ts';

/** @returns whether it makes the identifier undelivered */
export async function noteBounce(
  ctx: NoticeContext,
  row: SanctionRow,
  { sanction, position }: Pick<DeliveryRow, 'sanction' | 'position'>,
): Promise<boolean> {
  const { db, now } = ctx;
  const subject = (await subjectsOf(db, sanction)).find((one) => one.position === position);
  await setBounced(db, { sanction, position, at: now });
  const answers = subject?.review_from ? subject.review_from <= now : true;
  if (answers || standingOf(row, now).ended) return false;
  const noted = await noteUndelivered(ctx, row, position);
  await setRefused(db, { sanction, position });
  if (noted.notified_at || !noted.notice_due_at) return true;
  const due = noticeDueAfterBounce({ dueAt: noted.notice_due_at, now });
  await setNoticeDue(db, { sanction, at: due });
  await oweNotice(ctx, { ...noted, notice_due_at: due });
  return true;
}
