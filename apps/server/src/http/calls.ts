import { Problem } from '@recourse/protocol';
import type { Hono } from 'hono';
import { answerResponse } from './answers.ts';
import { rawTarget, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { limitSource, type Heard } from './limit-source.ts';
import { readBody } from './read-body.ts';
import { readLargeBody } from './read-large-body.ts';
import { requestSource } from './request-source.ts';
import { untilTimeClass } from './time-class.ts';

/** A call is one compact JWS of at most 256 KiB; one that delivers evidence may be larger (protocol, section 1). */
const callBytes = 256 * 1024;
const evidenceBytes = 8 * 1024 * 1024;
const prefix = '/call/';

/** `POST /call/<op>`: signed calls, and nothing of tRPC's HTTP adapter. */
export function callRoutes(app: Hono<HttpEnv>, http: HttpServices): void {
  app.post(`${prefix}*`, (c) => limitSource(http, c, () => answerCall(c, http)));
}

async function answerCall(c: HttpContext, http: HttpServices): Promise<Heard> {
  const op = operationIn(rawTarget(c));
  if (mediaType(c) !== 'application/jose') throw new Problem('unsupported-media-type');
  const { incoming } = c.env;
  const answer = async (body: Buffer): Promise<Heard> => hear(op, body, http);
  if (op !== 'evidence.deliver') return answer(await readBody(incoming, callBytes));
  const source = requestSource(c, http.config);
  return readLargeBody(http, { incoming, source, limit: evidenceBytes }, answer);
}

async function hear(op: string, body: Buffer, http: HttpServices): Promise<Heard> {
  // One character a byte: whatever is not ASCII is no base64url either, and refused as such.
  const compact = body.toString('latin1');
  const begun = performance.now();
  const answer = await http.calls.handle(op, compact);
  if (op === 'checks.match') await untilTimeClass(begun, http.config.matchClassMs);
  const isFailure = !answer.authenticated && answer.status < 500;
  return { response: answerResponse(answer), isFailure };
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
