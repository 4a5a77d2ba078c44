import { settleMessage } from '../cases/notices/bouncing.ts';
import {
  countOverDeliveries,
  findOverDeliveries,
  overDeliveriesOf,
} from '../cases/notices/store.ts';
import type { DueKind } from './due-kind.ts';

/** Messages that nobody took for 72 h, or whose record has ended: their addresses go. */
export const notices: DueKind = {
  find: findOverDeliveries,
  count: countOverDeliveries,
  settle: async (ctx, { id: sanction }) => {
    let settled = 0;
    for (const over of await overDeliveriesOf(ctx.db, { sanction, now: ctx.now })) {
      if (await settleMessage(ctx, { sanction, ...over, result: 'unsent' })) settled++;
    }
    return settled;
  },
};
