import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOpName, ops, Problem } from '@recourse/protocol';
import { orRecovering, refusal, type Answer } from '@recourse/registry';
import { securityHeaders, writeAnswer } from './answers.ts';
import type { HttpServices } from './context.ts';
import { noteCaller } from './current-request.ts';
import { heardAs, limitFailures, type Heard } from './limit-source.ts';
import { readBody } from './read-body.ts';
import { readLargeBody } from './read-large-body.ts';
import { sourceOf } from './request-source.ts';

/** A call is one compact JWS of at most 256 KiB; one that delivers evidence may be larger (protocol, section 1). */
const callBytes = 256 * 1024;
const evidenceBytes = 8 * 1024 * 1024;
const prefix = '/call/';
/** A header names a key in less than this. */
const mostHeader = 400;

/** Whether a target is that of an operation: nothing but `POST` is answered there. */
export const isCall = (target: string): boolean => /^\/call(?:[/?]|$)/.test(target);

export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** Answers `POST /call/<op>`: signed calls, and nothing of the framework of the other routes. */
export function answerCalls(http: HttpServices): (exchange: Exchange) => Promise<void> {
  const headers = securityHeaders(http.config.origin, prefix);
  return async (exchange) => {
    const answer = await answerCall(exchange, http).catch((error: unknown) => {
      const { answer: refused, isFailure } = heardAs(error, refuserOf(http));
      if (isFailure) http.failures.charge(sourceOf(exchange.incoming, http.config));
      return refused;
    });
    writeAnswer(exchange.outgoing, answer, headers);
  };
}

const refuserOf =
  ({ config }: HttpServices) =>
  (problem: Problem): Answer =>
    refusal(problem, config.origin);

/** @throws Problem of what was wrong before there was a call */
async function answerCall(exchange: Exchange, http: HttpServices): Promise<Answer> {
  const { incoming } = exchange;
  const op = operationIn(incoming.url ?? '/');
  if (mediaType(incoming) !== 'application/jose') throw new Problem('unsupported-media-type');
  const source = sourceOf(incoming, http.config);
  const answer = async (body: Buffer): Promise<Answer> => {
    // One character a byte: whatever is not ASCII is no base64url either, and refused as such.
    const compact = body.toString('latin1');
    const payer = { source, key: headerOf(compact) };
    const limited = { ...exchange, payer, refuse: refuserOf(http) };
    return limitFailures(http, limited, () => hear(op, compact, http));
  };
  if (op !== 'evidence.deliver') return answer(await readBody(incoming, callBytes));
  return readLargeBody(http, { incoming, source, limit: evidenceBytes }, answer);
}

async function hear(op: string, compact: string, http: HttpServices): Promise<Heard<Answer>> {
  const handled = await http.calls.handle(op, compact);
  noteCaller(handled.caller);
  if (op === 'checks.match') await http.matchTimes.untilDrawn();
  // It may have waited for its time to leave.
  const answer = handled.authenticated ? orRecovering(handled, op, http.services) : handled;
  if (answer.status < 400 && isOpName(op) && ops[op].kind === 'mutation') http.changes.note();
  return { answer, isFailure: !handled.authenticated && answer.status < 500 };
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

function mediaType({ headers }: IncomingMessage): string {
  if (headers['content-encoding'] !== undefined) return 'encoded';
  return (headers['content-type'] ?? '').trim().toLowerCase();
}
