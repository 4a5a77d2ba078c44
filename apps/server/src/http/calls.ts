import { Problem } from '@recourse/protocol';
import type { Hono } from 'hono';
import { answerResponse } from './answers.ts';
import { rawTarget, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { heardAs, limitFailures, type Heard } from './limit-source.ts';
import { readBody } from './read-body.ts';
import { readLargeBody } from './read-large-body.ts';
import { requestSource } from './request-source.ts';

/** A call is one compact JWS of at most 256 KiB; one that delivers evidence may be larger (protocol, section 1). */
const callBytes = 256 * 1024;
const evidenceBytes = 8 * 1024 * 1024;
const prefix = '/call/';
/** A header names a key in less than this. */
const mostHeader = 400;

/** `POST /call/<op>`: signed calls, and nothing of tRPC's HTTP adapter. */
export function callRoutes(app: Hono<HttpEnv>, http: HttpServices): void {
  app.post(`${prefix}*`, async (c) => {
    try {
      return await answerCall(c, http);
    } catch (error) {
      const { response, isFailure } = heardAs(http, error);
      if (isFailure) http.failures.charge(requestSource(c, http.config));
      return response;
    }
  });
}

/** @throws Problem of what was wrong before there was a call */
async function answerCall(c: HttpContext, http: HttpServices): Promise<Response> {
  const op = operationIn(rawTarget(c));
  if (mediaType(c) !== 'application/jose') throw new Problem('unsupported-media-type');
  const { incoming } = c.env;
  const source = requestSource(c, http.config);
  const answer = async (body: Buffer): Promise<Response> => {
    // One character a byte: whatever is not ASCII is no base64url either, and refused as such.
    const compact = body.toString('latin1');
    const payer = { source, key: headerOf(compact) };
    return limitFailures(http, { c, payer }, () => hear(op, compact, http));
  };
  if (op !== 'evidence.deliver') return answer(await readBody(incoming, callBytes));
  return readLargeBody(http, { incoming, source, limit: evidenceBytes }, answer);
}

async function hear(op: string, compact: string, http: HttpServices): Promise<Heard> {
  const answer = await http.calls.handle(op, compact);
  if (op === 'checks.match') await http.matchTimes.untilClass();
  const isFailure = !answer.authenticated && answer.status < 500;
  return { response: answerResponse(answer), isFailure };
}

/** The protected header as it came, which is the same in every call of a key. */
function headerOf(compact: string): string | undefined {
  const end = compact.slice(0, mostHeader).indexOf('.');
  return end > 0 ? compact.slice(0, end) : undefined;
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
