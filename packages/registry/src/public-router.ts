import { publicOps } from '@recourse/protocol';
import { initTRPC } from '@trpc/server';
import type { Services } from './context/context.ts';
import { enrol } from './parties/enrol.ts';

/** What unsigned procedures work with: there is no caller. */
export interface PublicContext {
  readonly services: Services;
  readonly now: Date;
}

const t = initTRPC.context<PublicContext>().create();

/** Procedures for those who have no key yet. Served by tRPC's own adapter, batching off; codes in bodies only. */
export const publicApi = t.router({
  parties: t.router({
    enrol: t.procedure
      .input(publicOps['parties.enrol'].input)
      .mutation(({ ctx, input }) => enrol(ctx, input)),
  }),
});
export type PublicApi = typeof publicApi;
