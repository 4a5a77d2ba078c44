import {
  caseOps,
  ops,
  publicOps,
  type OpInput,
  type OpName,
  type OpOutput,
  type Operation,
} from '@recourse/protocol';
import {
  callTRPCProcedure,
  TRPCError,
  type AnyTRPCProcedure,
  type AnyTRPCRouter,
  type inferProcedureInput,
  type inferProcedureOutput,
} from '@trpc/server';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { api, publicApi, runCaseProcedure, runProcedure, type ApiRouter } from './api.ts';
import type { CaseContext } from './cases/context.ts';
import type { CallContext } from './context/context.ts';
import type { handlers } from './operations/index.ts';

const operations = Object.entries(ops) as [OpName, Operation][];

/** The names that a router has procedures for. */
const pathsOf = (router: object): string[] =>
  Object.entries(router)
    .filter(([group, methods]) => group !== '_def' && typeof methods === 'object')
    .flatMap(([group, methods]) => Object.keys(methods as object).map((name) => `${group}.${name}`))
    .toSorted();

/** A caller who may do what an operation asks for, or nobody. */
const callerOf = (operation: Operation | undefined): CallContext =>
  ({ caller: { role: operation?.roles[0], admin: true } }) as unknown as CallContext;

const called = (router: AnyTRPCRouter, path: string, type: 'query' | 'mutation') =>
  callTRPCProcedure({
    router,
    path,
    type,
    ctx: callerOf(undefined),
    getRawInput: () => Promise.resolve(undefined),
    signal: undefined,
    batchIndex: 0,
  }) as Promise<unknown>;

const issuesIn = (error: unknown): unknown =>
  error instanceof TRPCError ? (error.cause as { issues?: unknown } | undefined)?.issues : error;

describe('routers are the tables of operations', () => {
  test('the same names, and no other', () => {
    expect(pathsOf(api)).toEqual(Object.keys(ops).toSorted());
    expect(pathsOf(publicApi)).toEqual(Object.keys(publicOps));
  });

  test.each(operations)('%s has its kind, its roles and its input', async (name, operation) => {
    const [kind, other] =
      operation.kind === 'read'
        ? (['query', 'mutation'] as const)
        : (['mutation', 'query'] as const);
    await expect(called(api, name, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(called(api, name, kind)).rejects.toMatchObject({
      cause: { code: 'role-not-allowed' },
    });
    const input = { unheard: 'of' };
    const refused = runProcedure(name, callerOf(operation), input).catch(issuesIn);
    expect(await refused).toEqual(operation.input.safeParse(input).error?.issues);
  });

  test.each(Object.entries(caseOps))('%s of a creator has its input', async (name, { input }) => {
    const ctx = {} as CaseContext;
    const refused = runCaseProcedure(name as keyof typeof caseOps, ctx, undefined).catch(issuesIn);
    expect(await refused).toEqual(input.safeParse(undefined).error?.issues);
  });

  test('a procedure takes and gives what its handler does', () => {
    expectTypeOf<ApiRouter>().not.toBeAny();
    expectTypeOf<Unlike>().toBeNever();
  });
});

type At<T, N extends string> = N extends `${infer G}.${infer M}`
  ? G extends keyof T
    ? M extends keyof T[G]
      ? Extract<T[G][M], AnyTRPCProcedure>
      : never
    : never
  : never;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Operations whose procedure has other types than table and handler */
type Unlike = {
  [N in OpName]: [
    Same<inferProcedureInput<At<ApiRouter, N>>, OpInput<N>>,
    Same<inferProcedureOutput<At<ApiRouter, N>>, OpOutput<N>>,
    Same<Parameters<(typeof handlers)[N]>[1], OpInput<N>>,
  ] extends [true, true, true]
    ? never
    : N;
}[OpName];
