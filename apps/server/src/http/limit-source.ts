import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@recourse/protocol';
import { problemOf } from '@recourse/registry';
import { problemAnswer } from './answers.ts';
import type { HttpContext, HttpServices } from './context.ts';
import type { Payer } from './failure-limits.ts';
import { holdMs } from './flood-guard.ts';
import { isTrusted, plain } from './source-address.ts';

/** What a limited route made of a request: whether it is charged for. */
export interface Heard {
  readonly response: Response;
  /** Not authenticated, or guessed */
  readonly isFailure: boolean;
}

/**
 * Answers a request within what its payer may fail at (protocol, section 1), and charges it for a failure. The place
 * where whatever is thrown becomes an answer.
 */
export async function limitFailures(
  http: HttpServices,
  of: { c: HttpContext; payer: Payer },
  answer: () => Promise<Heard>,
): Promise<Response> {
  const entry = http.failures.enter(of.payer);
  if (entry.waitSeconds > 0) return refuseLate(http, of.c, entry.waitSeconds);
  const heard = await answer().catch((error: unknown) => heardAs(http, error));
  entry.settle(heard);
  return heard.response;
}

/** As the guard refuses what it need not read. */
async function refuseLate(
  { config }: HttpServices,
  c: HttpContext,
  retryAfterSeconds: number,
): Promise<Response> {
  const answer = problemAnswer(new Problem('quota-exceeded', { retryAfterSeconds }), config.origin);
  const { remoteAddress } = c.env.incoming.socket;
  if (isTrusted(plain(remoteAddress ?? ''), config.trustedProxies)) return answer;
  await delay(holdMs);
  answer.headers.set('Connection', 'close');
  return answer;
}

export function heardAs(http: HttpServices, error: unknown): Heard {
  const problem = problemOf(error);
  if (problem.code === 'internal') http.log.fault('http', error);
  // Being busy is no fault of the caller's.
  const isFailure = problem.status < 500;
  return { response: problemAnswer(problem, http.config.origin), isFailure };
}
