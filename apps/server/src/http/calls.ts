import { Problem } from '@recourse/protocol';
import type { Hono } from 'hono';
import { answerResponse, problemAnswer, problemOf } from './answers.ts';
import { rawTarget, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { readBody } from './read-body.ts';
import { requestSource } from './request-source.ts';

/** A call is one compact JWS of at most 256 KiB (protocol, section 1). */
const callBytes = 256 * 1024;
const prefix = '/call/';

/** `POST /call/<op>`: signed calls, and nothing of tRPC's HTTP adapter. */
export function callRoutes(app: Hono<HttpEnv>, http: HttpServices): void {
  app.post(`${prefix}*`, async (c) => {
    const source = requestSource(c, http.config);
    const seconds = http.sources.waitSeconds(source);
    if (seconds > 0) return refuse(http, new Problem('quota-exceeded', { retryAfterSeconds: seconds }));
    try {
      return await answerCall(c, http, source);
    } catch (error) {
      const problem = problemOf(error);
      // Being busy is no fault of the caller's.
      if (problem.status < 500) http.sources.charge(source);
      else if (problem.code === 'internal') http.log.fault('call', error);
      return refuse(http, problem);
    }
  });
}

async function answerCall(c: HttpContext, http: HttpServices, source: string): Promise<Response> {
  const op = operationIn(rawTarget(c));
  if (mediaType(c) !== 'application/jose') throw new Problem('unsupported-media-type');
  const body = await readBody(c.env.incoming, callBytes);
  // One character a byte: whatever is not ASCII is no base64url either, and refused as such.
  const compact = body.toString('latin1');
  const answer = await http.admission.run(() => http.calls.handle(op, compact));
  if (!answer.authenticated && answer.status < 500) http.sources.charge(source);
  return answerResponse(answer);
}

/**
 * The operation of the path, as it came. `a,b`, `%2E`, a trailing slash and `?batch=1` would mean several operations, or
 * another one, to a proxy or a framework on the way: what is not exactly one name is none.
 */
function operationIn(target: string): string {
  if (target.includes('?') || target.includes('#')) throw new Problem('malformed-call');
  const op = target.slice(prefix.length);
  if (!/^[A-Za-z]{1,30}\.[A-Za-z]{1,30}$/.test(op)) throw new Problem('unknown-op');
  return op;
}

function mediaType(c: HttpContext): string {
  const { headers } = c.env.incoming;
  if (headers['content-encoding'] !== undefined) return 'encoded';
  return (headers['content-type'] ?? '').trim().toLowerCase();
}

const refuse = (http: HttpServices, problem: Problem): Response =>
  problemAnswer(problem, http.config.origin);
