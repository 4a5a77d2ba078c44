import { setNoticeDue, type SanctionRow } from '../../records/store.ts';
import type { TransitionContext } from '../../records/transition-context.ts';
import { noticeDueAfterBounce } from './notice.rules.ts';
import { noteUndelivered } from './noting.ts';
import { oweNotice, settleNotice, type DeliveryReport, type NoticeContext } from './settling.ts';
import { setBounced, setRefused, settleAgain, type TwoPeople } from './bounce-store.ts';
import type { DeliveryRow } from './store.ts';

/** Writes down what became of a message: of the first, or of the second, of which nothing else follows. */
export async function settleMessage(
  ctx: TransitionContext,
  settling: DeliveryReport & { readonly message: string },
): Promise<boolean> {
  return (await settleNotice(ctx, settling)) || settleAgain(ctx.db, settling);
}

/** Both messages came back, two people say: the identifier is undelivered. */
export async function noteBounce(
  ctx: NoticeContext,
  row: SanctionRow,
  bounce: Pick<DeliveryRow, 'sanction' | 'position'> & { by: TwoPeople },
): Promise<void> {
  const { db, now } = ctx;
  const { sanction, position } = bounce;
  await setBounced(db, { ...bounce, at: now });
  const noted = await noteUndelivered(ctx, row, position);
  await setRefused(db, { sanction, position });
  if (noted.notified_at || !noted.notice_due_at) return;
  const due = noticeDueAfterBounce({ dueAt: noted.notice_due_at, now });
  await setNoticeDue(db, { sanction, at: due });
  await oweNotice(ctx, { ...noted, notice_due_at: due });
}
