import { caseOps, type CaseInput, type CaseOpName, type CaseOutput } from '@recourse/protocol';
import { initTRPC, type TRPCMutationProcedure } from '@trpc/server';
import type { CaseContext } from './context.ts';

const t = initTRPC.context<CaseContext>().create();

export const caseRouter = t.router;

/** Builds the procedure of one act of a creator from the table of case operations. */
export function implementCase<N extends CaseOpName>(
  op: N,
  resolve: (ctx: CaseContext, input: CaseInput<N>) => Promise<CaseOutput<N>>,
): TRPCMutationProcedure<{ input: CaseInput<N>; output: CaseOutput<N>; meta: unknown }> {
  const procedure = t.procedure
    .input(caseOps[op].input)
    .mutation(({ ctx, input }) => resolve(ctx, input as CaseInput<N>));
  return procedure as unknown as TRPCMutationProcedure<{
    input: CaseInput<N>;
    output: CaseOutput<N>;
    meta: unknown;
  }>;
}
