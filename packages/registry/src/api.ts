import {
  caseOps,
  mayCarry,
  ops,
  Problem,
  publicOps,
  type CaseInput,
  type CaseOpName,
  type OpInput,
  type OpName,
  type OpOutput,
  type Operation,
  type Ops,
} from '@recourse/protocol';
import {
  callTRPCProcedure,
  initTRPC,
  type AnyTRPCProcedure,
  type AnyTRPCRouter,
  type TRPCMutationProcedure,
  type TRPCQueryProcedure,
} from '@trpc/server';
import type { RunProcedure } from './calls/handle-call.ts';
import type { RunCaseProcedure } from './calls/handle-case.ts';
import type { CaseContext } from './cases/context.ts';
import type { CallContext, Services } from './context/context.ts';
import { caseHandlers, handlers } from './operations/index.ts';
import { enrol } from './parties/enrol.ts';

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

/** Procedures by group and method, as tRPC nests them. */
type Nested<P> = { [G in Group<keyof P>]: { [N in keyof P as Method<G, N>]: P[N] } };

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
export const api = calls.router(
  nested<{ [N in OpName]: OpProcedure<N> }>(Object.keys(handlers), (op) =>
    procedureOf(op as OpName),
  ),
);
export type ApiRouter = typeof api;

const acts = initTRPC.context<CaseContext>().create();

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the same
const actOf = <N extends CaseOpName>(op: N): AnyTRPCProcedure =>
  acts.procedure
    .input(caseOps[op].input)
    .mutation(({ ctx, input }) => caseHandlers[op](ctx, input as CaseInput<N>));

const caseApi = acts.router(nested(Object.keys(caseHandlers), (op) => actOf(op as CaseOpName)));

/** The context of unsigned procedures: there is no caller. */
export interface PublicContext {
  readonly services: Services;
  readonly now: Date;
}

const open = initTRPC.context<PublicContext>().create();

/** Procedures for those who have no key yet. Served by tRPC's own adapter, batching off; codes in bodies only. */
export const publicApi = open.router({
  parties: open.router({
    enrol: open.procedure
      .input(publicOps['parties.enrol'].input)
      .mutation(({ ctx, input }) => enrol(ctx, input)),
  }),
});
export type PublicApi = typeof publicApi;

/** TypeScript cannot follow a name to its group: `api.test.ts` compares the routers with the tables. */
function nested<P extends Readonly<Record<string, AnyTRPCProcedure>>>(
  names: readonly string[],
  make: (name: string) => AnyTRPCProcedure,
): Nested<P> {
  const groups: Record<string, Record<string, AnyTRPCProcedure>> = {};
  for (const name of names) {
    const [group = '', method = ''] = name.split('.');
    (groups[group] ??= {})[method] = make(name);
  }
  return groups as Nested<P>;
}

interface Called {
  readonly path: string;
  readonly type: 'query' | 'mutation';
  readonly ctx: unknown;
  readonly input: unknown;
}

/** Runs one procedure without tRPC's HTTP adapter, which takes `a,b?batch=1`, `%2C` and trailing slashes. */
const runIn = (router: AnyTRPCRouter, { input, ...called }: Called): Promise<unknown> =>
  callTRPCProcedure({
    ...called,
    router,
    input,
    getRawInput: () => Promise.resolve(input),
    signal: undefined,
    batchIndex: 0,
  });

export const runProcedure: RunProcedure = (path, ctx, input) =>
  runIn(api, { path, type: ops[path].kind === 'read' ? 'query' : 'mutation', ctx, input });
export const runCaseProcedure: RunCaseProcedure = (path, ctx, input) =>
  runIn(caseApi, { path, type: 'mutation', ctx, input });
