import { countDemandsToLog, findDemandsToLog, takeDemand } from '../parties/membership-store.ts';
import { demandDetail } from '../parties/demand-detail.ts';
import type { DueKind } from './due-kind.ts';

/** Reports of authority demands whose delay is over: they are read already, and go into the ledger. */
export const delayedDemands: DueKind = {
  find: findDemandsToLog,
  count: countDemandsToLog,
  settle: async ({ db, now, changes }, { id }) => {
    const demand = await takeDemand(db, { id, now });
    if (!demand) return 0;
    changes.public('authority-demand', demandDetail(demand));
    return 1;
  },
};
