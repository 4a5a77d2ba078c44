import {
  ops,
  Problem,
  type KeyRecord,
  type OpInput,
  type OpName,
  type OpOutput,
  type Operation,
  type Ops,
} from '@recourse/protocol';
import { initTRPC, type TRPCMutationProcedure, type TRPCQueryProcedure } from '@trpc/server';
import type { z } from 'zod';
import type { Caller, CallContext } from './context.ts';

const t = initTRPC.context<CallContext>().create();

export const { router } = t;

type Types<N extends OpName> = { input: OpInput<N>; output: OpOutput<N>; meta: unknown };

/** The procedure type of an operation: a query for reads, a mutation for mutations. */
export type OpProcedure<N extends OpName> = Ops[N]['kind'] extends 'read'
  ? TRPCQueryProcedure<Types<N>>
  : TRPCMutationProcedure<Types<N>>;

/**
 * Builds the procedure of one operation from the op table: the role is checked before the input is read,
 * so that a caller without it learns nothing about what is valid.
 */
export function implement<N extends OpName>(
  op: N,
  resolve: (ctx: CallContext, input: z.output<Ops[N]['input']>) => Promise<OpOutput<N>>,
): OpProcedure<N> {
  const operation: Operation = ops[op];
  const base = t.procedure
    .use(({ ctx, next }) => {
      authorise(operation, ctx.caller);
      return next();
    })
    .input(operation.input);
  const resolver = ({ ctx, input }: { ctx: CallContext; input: unknown }) =>
    resolve(ctx, input as z.output<Ops[N]['input']>);
  const procedure = operation.kind === 'read' ? base.query(resolver) : base.mutation(resolver);
  return procedure as unknown as OpProcedure<N>;
}

function authorise(operation: Operation, caller: Caller): void {
  if (!mayCarry(operation, caller)) throw new Problem('role-not-allowed');
}

/** Whether a key may carry calls of an operation at all. */
export const mayCarry = (operation: Operation, key: Pick<KeyRecord, 'role' | 'admin'>): boolean =>
  operation.roles.includes(key.role) && (!operation.admin || key.admin);
