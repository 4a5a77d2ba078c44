import { commitChanges } from '../commit/commit-changes.ts';
import { settleNotice } from '../cases/notices/settling.ts';
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
  settle: async (acting, { id: sanction }) => {
    let settled = 0;
    for (const position of await overDeliveriesOf(acting.db, { sanction, now: acting.now })) {
      if (await settleNotice(acting, { sanction, position, result: 'unsent' })) settled++;
    }
    await commitChanges(acting.db, acting.changes.list, acting.now);
    return settled;
  },
};
