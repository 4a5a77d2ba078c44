import { closeInspection } from '../review/inspection-closing.ts';
import { countLapsed, findInspection, findLapsed } from '../review/inspection-store.ts';
import { closingOf } from '../review/inspection-view.ts';
import { closeCaseItem } from '../panel/case-closing.ts';
import { isOfCase } from '../panel/case-store.ts';
import { closeItem } from '../panel/closing.ts';
import { countDueItems, findDueItems, findItem, lockItem } from '../panel/store.ts';
import { lockRecord } from '../records/lock-record.ts';
import type { DueKind } from './due-kind.ts';

/** Items of the panel past their deadline: closed with what nobody decided left as it is. */
export const panelDeadlines: DueKind = {
  find: findDueItems,
  count: countDueItems,
  settle: async (ctx, { id }) => {
    const { db, now } = ctx;
    const known = await findItem(db, id);
    // The lock of a record comes before that of its item.
    const record = known?.sanction ? await lockRecord(ctx, known.sanction) : undefined;
    const item = await lockItem(db, id);
    if (!item || item.closed_at || item.due_at > now) return 0;
    const lapse = { by: 'deadline', at: item.due_at } as const;
    if (record && isOfCase(item)) await closeCaseItem(ctx, { item, record }, lapse);
    else await closeItem(ctx, item, lapse);
    return 1;
  },
};

/** A lapse is the panel's: an inspection that nobody made in time changes nothing, nor one whose suspension was lifted. */
export const inspectionDeadlines: DueKind = {
  find: findLapsed,
  count: countLapsed,
  settle: async (ctx, { id }) => {
    const { db } = ctx;
    const known = await findInspection(db, id);
    const record = known && (await lockRecord(ctx, known.sanction));
    const inspection = await findInspection(db, id);
    if (!record || !inspection || inspection.closed_at) return 0;
    const closing = closingOf(inspection, ctx.now);
    if (!closing) return 0;
    await closeInspection(ctx, { inspection: id, record }, closing);
    return 1;
  },
};
