import { maxCaseFileBytes, Problem } from '@recourse/protocol';
import { problemOf } from '@recourse/registry';
import type { Hono } from 'hono';
import { answerResponse, problemAnswer } from './answers.ts';
import { rawTarget, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { isJson, readBody } from './read-body.ts';
import { readLargeBody } from './read-large-body.ts';
import { requestSource } from './request-source.ts';

const prefix = '/trpc/';
const bodyBytes = 64 * 1024;
/** A file in base64url, with its name and type. */
const fileBytes = maxCaseFileBytes * 1.5;

/**
 * `POST /trpc/case.<act>`: what creators do, for programs. Answered as tRPC answers, audited like a call; only by POST
 * and without a query, as a secret in a URL would stand in histories and logs.
 */
export function caseProcedures(app: Hono<HttpEnv>, http: HttpServices): void {
  app.post(`${prefix}:act{case\\..*}`, async (c) => {
    try {
      return answerResponse(await answer(c, http));
    } catch (error) {
      return problemAnswer(problemOf(error), http.config.origin);
    }
  });
}

async function answer(c: HttpContext, http: HttpServices) {
  const op = rawTarget(c).slice(prefix.length);
  if (!isJson(c.env.incoming)) throw new Problem('unsupported-media-type');
  const source = requestSource(c, http.config);
  const { incoming } = c.env;
  const hear = (body: Buffer) => http.caseRateLimiter.hear(source, op, body);
  if (op !== 'case.addFile') return hear(await readBody(incoming, bodyBytes));
  return readLargeBody(http, { incoming, source, limit: fileBytes }, hear);
}
