import {
  caseOps,
  mayCarry,
  ops,
  Problem,
  type CaseInput,
  type CaseOpName,
  type OpInput,
  type OpName,
  type OpOutput,
  type Operation,
  type Ops,
} from '@recourse/protocol';
import {
  initTRPC,
  type AnyTRPCProcedure,
  type TRPCMutationProcedure,
  type TRPCQueryProcedure,
} from '@trpc/server';
import type { RunProcedure } from './calls/handle-call.ts';
import type { RunCaseProcedure } from './calls/handle-case.ts';
import { caseHandlers } from './operations/index.ts';
import type { CaseContext } from './cases/context.ts';
import type { CallContext } from './context/context.ts';
import { handlers } from './operations/index.ts';

// tRPC routers, built from the tables of operations.

type Types<N extends OpName> = { input: OpInput<N>; output: OpOutput<N>; meta: unknown };

/** A query for a read, a mutation for a mutation. */
type OpProcedure<N extends OpName> = Ops[N]['kind'] extends 'read'
  ? TRPCQueryProcedure<Types<N>>
  : TRPCMutationProcedure<Types<N>>;

/** `sanctions` of `sanctions.submit` */
type Group<N> = N extends `${infer G}.${string}` ? G : never;
/** `submit` of `sanctions.submit` */
type Method<G extends string, N> = N extends `${G}.${infer M}` ? M : never;

type Procedures = {
  [G in Group<OpName>]: { [N in OpName as Method<G, N>]: OpProcedure<N> };
};

const calls = initTRPC.context<CallContext>().create();

/** The role is checked before the input is read: a caller without it learns nothing about what is valid. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the input to the handler
function procedureOf<N extends OpName>(op: N): AnyTRPCProcedure {
  const operation: Operation = ops[op];
  const base = calls.procedure
    .use(({ ctx, next }) => {
      if (!mayCarry(operation, ctx.caller)) throw new Problem('role-not-allowed');
      return next();
    })
    .input(operation.input);
  const resolve = ({ ctx, input }: { ctx: CallContext; input: unknown }) =>
    handlers[op](ctx, input as OpInput<N>);
  return operation.kind === 'read' ? base.query(resolve) : base.mutation(resolve);
}

/** Every signed operation. Its type is what the SDK's client is checked against. */
export const api = calls.router(grouped(handlers, procedureOf) as Procedures);
export type ApiRouter = typeof api;

const acts = initTRPC.context<CaseContext>().create();

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the same
const actOf = <N extends CaseOpName>(op: N): AnyTRPCProcedure =>
  acts.procedure
    .input(caseOps[op].input)
    .mutation(({ ctx, input }) => caseHandlers[op](ctx, input as CaseInput<N>));

const caseApi = acts.router(grouped(caseHandlers, actOf));

/** Procedures by group and method, as tRPC nests them. */
function grouped<N extends string>(
  table: Readonly<Record<N, unknown>>,
  make: (name: N) => AnyTRPCProcedure,
): Record<string, Record<string, AnyTRPCProcedure>> {
  const groups: Record<string, Record<string, AnyTRPCProcedure>> = {};
  for (const name of Object.keys(table) as N[]) {
    const [group = '', method = ''] = name.split('.');
    (groups[group] ??= {})[method] = make(name);
  }
  return groups;
}

type Run = (options: {
  ctx: unknown;
  path: string;
  type: 'query' | 'mutation';
  input: unknown;
  getRawInput: () => Promise<unknown>;
  signal: AbortSignal | undefined;
  batchIndex: number;
}) => Promise<unknown>;

/**
 * Runs one procedure without tRPC's HTTP adapter, which takes `a,b?batch=1`, `%2C` and trailing slashes.
 * `op` is an own property of the table: the caller checked it.
 */
const runIn =
  (router: { _def: { procedures: unknown } }, type: 'query' | 'mutation') =>
  (op: string, ctx: unknown, input: unknown): Promise<unknown> =>
    (router._def.procedures as Readonly<Record<string, Run>>)[op]!({
      ctx,
      path: op,
      type,
      input,
      getRawInput: async () => input,
      signal: undefined,
      batchIndex: 0,
    });

export const runProcedure: RunProcedure = runIn(api, 'query');
export const runCaseProcedure: RunCaseProcedure = runIn(caseApi, 'mutation');
