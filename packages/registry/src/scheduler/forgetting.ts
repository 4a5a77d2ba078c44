import { countOverAsked, forgetAsked } from '../retention/asked-store.ts';
import type { DueKind } from './due-kind.ts';

const asked = 'asked';

/** What was asked under checks, once they may ask no more. */
export const forgetting: DueKind = {
  find: async (db, { now, except }) =>
    !except.includes(asked) && (await countOverAsked(db, { now, most: 1 })) > 0 ? [asked] : [],
  count: (db, now) => countOverAsked(db, { now }),
  settle: ({ db, now }, { limit }) => forgetAsked(db, { now, limit }),
};
