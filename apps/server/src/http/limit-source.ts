import { Problem } from '@recourse/protocol';
import { problemOf } from '@recourse/registry';
import { problemAnswer } from './answers.ts';
import type { HttpContext, HttpServices } from './context.ts';
import { requestSource } from './request-source.ts';

/** What a limited route made of a request: whether its source is charged for it. */
export interface Heard {
  readonly response: Response;
  /** Not authenticated, or guessed */
  readonly isFailure: boolean;
}

/**
 * Answers a request under the limit of its source, which comes before size, form and signature (protocol, section 1).
 * The place where whatever is thrown becomes an answer.
 */
export async function limitSource(
  http: HttpServices,
  c: HttpContext,
  answer: () => Promise<Heard>,
): Promise<Response> {
  const source = requestSource(c, http.config);
  const { waitSeconds, isPaid } = http.sources.enter(source);
  const { response, isFailure } = await (waitSeconds > 0
    ? heard(http, new Problem('quota-exceeded', { retryAfterSeconds: waitSeconds }))
    : answer().catch((error: unknown) => heard(http, error)));
  if (waitSeconds > 0) return response;
  if (isFailure && !isPaid) http.sources.charge(source);
  if (!isFailure && isPaid) http.sources.refund(source);
  return response;
}

function heard(http: HttpServices, error: unknown): Heard {
  const problem = problemOf(error);
  if (problem.code === 'internal') http.log.fault('http', error);
  // Being busy is no fault of the caller's.
  const isFailure = problem.status < 500;
  return { response: problemAnswer(problem, http.config.origin), isFailure };
}
