import { Problem } from '@recourse/protocol';
import type { Hono } from 'hono';
import type { ServerConfig } from '../config/config.ts';
import { notFound, problemAnswer } from './answers.ts';
import { isCall } from './calls.ts';
import { languageOf } from './choose-language.ts';
import type { HttpContext, HttpEnv } from './context.ts';
import { wantsHtml } from './documents.ts';
import { strayPage } from './pages.ts';

/** Answers where no route does: 405 where another method would be, and one 404 for everything else. */
export function noRoute(
  app: Hono<HttpEnv>,
  c: HttpContext,
  { origin, role }: Pick<ServerConfig, 'origin' | 'role'>,
): Response | Promise<Response> {
  // A worker answers no calls.
  const isOfCalls = role !== 'worker' && isCall(c.req.path);
  const allowed = isOfCalls ? ['POST'] : methodsOf(app, c.req.path);
  if (allowed.length > 0) {
    const answer = problemAnswer(new Problem('method-not-allowed'), origin);
    answer.headers.set('Allow', allowed.join(', '));
    return answer;
  }
  return wantsHtml(c) && c.req.method === 'GET'
    ? c.html(strayPage(languageOf(c)), 404)
    : notFound(origin);
}

/** Reads the methods from the routes of a path alone, never from what they would find. */
function methodsOf(app: Hono<HttpEnv>, path: string): string[] {
  const isRouted = (method: string): boolean =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
  return [...(isRouted('GET') ? ['GET', 'HEAD'] : []), ...(isRouted('POST') ? ['POST'] : [])];
}
