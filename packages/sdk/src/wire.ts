import { isOpName, type OpInput, type OpName, type OpOutput, type Ops } from '@recourse/protocol';
import type { ApiRouter } from '@recourse/registry';
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { RecourseError } from './errors.ts';
import type { GroupName, MethodOf } from './op-names.ts';
import type { Answer } from './transport/answer.ts';
import type { CallOptions } from './transport/transport.ts';

type Verb<N extends OpName> = Ops[N]['kind'] extends 'read' ? 'query' : 'mutate';

type Procedure<N extends OpName> = {
  readonly [V in Verb<N>]: (
    input: OpInput<N>,
    options?: { context?: Record<string, unknown> },
  ) => Promise<OpOutput<N>>;
};

/** The op table as a tRPC client sees a router. */
export type Wire = {
  readonly [G in GroupName]: {
    readonly [N in OpName as MethodOf<G, N>]: Procedure<N>;
  };
};

export type Send = (op: OpName, input: unknown, options: CallOptions) => Promise<Answer<unknown>>;

/**
 * A tRPC client whose only link signs, posts and verifies. That it is assigned to {@link Wire} proves, when
 * this file compiles, that the registry's router and the op table agree on every operation and its types.
 */
export function createWire(send: Send): Wire {
  const client: Wire = createTRPCClient<ApiRouter>({ links: [signingLink(send)] });
  return client;
}

function signingLink(send: Send): TRPCLink<ApiRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const run = async (): Promise<void> => {
          if (!isOpName(op.path)) throw new RecourseError('unknown-op');
          const answer = await send(op.path, op.input, op.context);
          observer.next({ result: { type: 'data', data: answer.result } });
          observer.complete();
        };
        run().catch((cause: unknown) =>
          observer.error(TRPCClientError.from<ApiRouter>(asError(cause))),
        );
      });
}

/** Unwraps an error that the link threw and tRPC wrapped. */
export function unwrapped(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return error;
  return error.cause instanceof Wrapped ? error.cause.original : error.cause;
}

/** An aborted signal's reason is thrown as it is, and need not be an Error. */
class Wrapped extends Error {
  readonly original: unknown;

  constructor(original: unknown) {
    super('aborted');
    this.original = original;
  }
}

const asError = (cause: unknown): Error =>
  cause instanceof RecourseError ? cause : new Wrapped(cause);
