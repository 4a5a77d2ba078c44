import type { HttpBindings } from '@hono/node-server';
import { readBody } from '@recourse/serving';
import type { Context } from 'hono';

/** The request as Node.js has it: to make a `Request` with a stream takes a third of what the agent does for a check. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `listen` gives no other
const bindingsOf = (context: Context): HttpBindings => context.env as HttpBindings;

/** Aborts when whoever asked has gone. */
export function untilGone(context: Context): AbortSignal {
  const { outgoing } = bindingsOf(context);
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** @throws what `tooLarge` makes, also where the rest never comes and nobody hears it */
export const bodyOf = (
  context: Context,
  { mostBytes, tooLarge }: { mostBytes: number; tooLarge: () => Error },
): Promise<Buffer<ArrayBuffer>> =>
  readBody(bindingsOf(context).incoming, { limit: mostBytes, refuse: tooLarge });
