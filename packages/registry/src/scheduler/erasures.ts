import { eraseDue } from '../retention/erasing.ts';
import { countErasable, findErasable } from '../retention/erasure-store.ts';
import type { DueKind } from './due-kind.ts';
import { takeSanction } from './store.ts';

/** Records whose texts, or whose whole cases, are to be erased. */
export const erasures: DueKind = {
  find: findErasable,
  count: (db, now, deadlines) => countErasable(db, { now, deadlines }),
  settle: async (ctx, { id }) => {
    const record = await takeSanction(ctx.db, id);
    return record ? eraseDue(ctx, record) : 0;
  },
};
