import { eraseDue } from '../retention/erasing.ts';
import { countErasable, findErasable, takeErasable } from '../retention/erasure-store.ts';
import { findSanction } from '../records/store.ts';
import type { DueKind } from './due-kind.ts';

/** Records whose texts, or whose whole cases, are to be erased. */
export const erasures: DueKind = {
  find: findErasable,
  count: (db, now, deadlines) => countErasable(db, { now, deadlines }),
  settle: async (acting, { id }) => {
    if (!(await takeErasable(acting.db, id))) return 0;
    const record = await findSanction(acting.db, id);
    return record ? eraseDue(acting, record) : 0;
  },
};
