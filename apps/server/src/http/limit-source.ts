import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@recourse/protocol';
import { problemOf } from '@recourse/registry';
import type { HttpServices } from './context.ts';
import type { Payer } from './failure-limits.ts';
import { holdMs } from './flood-guard.ts';
import { isTrusted, plain } from './source-address.ts';

/** Result of a limited route: whether the request is charged for. */
export interface Heard<A> {
  readonly answer: A;
  /** Not authenticated, or guessed */
  readonly isFailure: boolean;
}

interface LimitedRequest<A> {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly payer: Payer;
  readonly refuse: (problem: Problem) => A;
}

/**
 * Answers a request within what its payer may fail at (protocol, section 1), and charges it for a failure. The place
 * where whatever is thrown becomes an answer.
 */
export async function limitFailures<A>(
  http: HttpServices,
  request: LimitedRequest<A>,
  answer: () => Promise<Heard<A>>,
): Promise<A> {
  const entry = http.failures.enter(request.payer);
  if (entry.waitSeconds > 0) return refuseLate(http, request, entry.waitSeconds);
  const heard = await answer().catch((error: unknown) => heardAs(error, request.refuse));
  entry.settle(heard);
  return heard.answer;
}

/** As the guard refuses what it need not read. */
async function refuseLate<A>(
  { config }: HttpServices,
  { incoming, outgoing, refuse }: LimitedRequest<A>,
  retryAfterSeconds: number,
): Promise<A> {
  if (!isTrusted(plain(incoming.socket.remoteAddress ?? ''), config.trustedProxies)) {
    await delay(holdMs);
    outgoing.setHeader('Connection', 'close');
  }
  return refuse(new Problem('quota-exceeded', { retryAfterSeconds }));
}

export function heardAs<A>(error: unknown, refuse: (problem: Problem) => A): Heard<A> {
  const problem = problemOf(error);
  // Being busy is no fault of the caller's.
  return { answer: refuse(problem), isFailure: problem.status < 500 };
}
