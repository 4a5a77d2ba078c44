import { Problem, publicOps } from '@recourse/protocol';
import { problemOf, publicApi } from '@recourse/registry';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Hono } from 'hono';
import { problemAnswer } from './answers.ts';
import { rawTarget, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { limitFailures } from './limit-source.ts';
import { isJson, readBody } from './read-body.ts';
import { requestSource } from './request-source.ts';

/** A code and an enrolment. */
const bodyBytes = 64 * 1024;
const prefix = '/trpc/';

/**
 * `POST /trpc/<procedure>`: the unsigned procedures, by tRPC's own adapter with batching off. Only by POST and without a
 * query: a code in a URL would stand in histories and logs.
 */
export function publicProcedures(app: Hono<HttpEnv>, http: HttpServices): void {
  app.post(`${prefix}*`, (c) => {
    const payer = { source: requestSource(c, http.config) };
    const refuse = (problem: Problem) => problemAnswer(problem, http.config.origin);
    // A guessed code is a failure, and guesses are what the limit is for.
    return limitFailures(http, { ...c.env, payer, refuse }, async () => ({
      answer: await answer(c, http),
      isFailure: false,
    }));
  });
}

async function answer(c: HttpContext, http: HttpServices): Promise<Response> {
  const path = rawTarget(c).slice(prefix.length);
  // Own properties only: `constructor`, `a,b` and `%2E` are attacker-controlled names of nothing.
  if (!Object.hasOwn(publicOps, path)) throw new Problem('not-found');
  if (!isJson(c.env.incoming)) throw new Problem('unsupported-media-type');
  const body = await readBody(c.env.incoming, bodyBytes);
  const { services, config } = http;
  // An invite ends at a time.
  services.ledger.assertClock();
  let failure: Problem | undefined;
  const response = await http.queues.acts.run(() =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: new Request(`${config.origin}${prefix}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: new Uint8Array(body),
      }),
      router: publicApi,
      allowBatching: false,
      createContext: () => ({ services, now: services.clock() }),
      onError: ({ error }) => {
        failure = error.code === 'BAD_REQUEST' ? badRequest(error) : problemOf(error);
      },
    }),
  );
  // tRPC's own answer to an error quotes its message, and its stack outside of production.
  if (failure) throw failure;
  return response;
}

/** A body that is no JSON has no input to find fault with. */
const badRequest = (error: Error): Problem => {
  const problem = problemOf(error);
  return problem.code === 'invalid-input' ? problem : new Problem('malformed-call');
};
