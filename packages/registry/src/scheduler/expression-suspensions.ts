import { suspendForSpeech } from '../accountability/suspend-for-expression.ts';
import { countSuspendable } from '../accountability/expression-store.ts';
import { findSuspendable } from '../accountability/expression-store.ts';
import type { DueKind } from './due-kind.ts';

/** Submitters suspended for speech whose decisions were made at once, so that neither saw the other. */
export const speechSuspensions: DueKind = {
  find: findSuspendable,
  count: countSuspendable,
  settle: async (ctx, { id }) => ((await suspendForSpeech(ctx, id)) ? 1 : 0),
};
