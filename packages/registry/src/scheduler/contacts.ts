import { countOver, deleteOver, findOver } from '../cases/contact-store.ts';
import type { DueKind } from './due-kind.ts';

/** Addresses that were left with a case and are not needed any more. */
export const contacts: DueKind = {
  find: findOver,
  count: countOver,
  settle: ({ db, now }, { id }) => deleteOver(db, { sanction: id, now }),
};
