import type { ServerResponse } from 'node:http';
import { Problem } from '@recourse/protocol';
import { refusal, type Answer } from '@recourse/registry';
import { isolation } from '@recourse/serving';
import { noteRefusal } from './current-request.ts';

type Headers = Readonly<Record<string, string>>;

/** Paths that monitors read from pages of their own: the log, the keys and the report. */
const shared = /^\/(ledger|\.well-known|transparency)(\/|$)/;

export const isShared = (path: string): boolean => shared.test(path);

/** Pages of other sites may read these, and send nothing with it: no cookie or key opens more here. */
const sharedHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag, Retry-After',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** The answer to a browser that asks before it reads with `If-None-Match`. */
export const preflightAnswer = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, HEAD',
      'Access-Control-Allow-Headers': 'If-None-Match, Cache-Control, Pragma',
      'Access-Control-Max-Age': '86400',
    },
  });

/** Read by every page and document: nothing is embedded, framed, guessed or remembered by anybody. */
export function securityHeaders(origin: string, path: string): Headers {
  return {
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ...isolation,
    ...(origin.startsWith('https:') ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
    ...(isShared(path) ? sharedHeaders : {}),
  };
}

/** A refusal before any route saw the request. */
export function writeProblem(
  response: ServerResponse,
  problem: Problem,
  { origin, headers }: { origin: string; headers?: Headers },
): void {
  const security = securityHeaders(origin, pathIn(response.req.url ?? '/'));
  writeAnswer(response, refusal(problem, origin), { ...security, ...headers });
}

/** An answer without the web-standard objects of a route, whose making takes longer than a signature. */
export function writeAnswer(response: ServerResponse, answer: Answer, headers: Headers): void {
  noteRefusal(answer.refused);
  response.writeHead(answer.status, {
    ...headers,
    ...ownHeaders(answer),
    'Content-Length': Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}

/** The path of a target, which is never decoded: `%2E` and `.` would be one. */
export function pathIn(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

/** A refusal that no procedure made: of the transport, of a limit, of an unknown path. */
export const problemAnswer = (problem: Problem, origin: string): Response =>
  answerResponse(refusal(problem, origin));

export function answerResponse(answer: Answer): Response {
  noteRefusal(answer.refused);
  return new Response(answer.body, { status: answer.status, headers: ownHeaders(answer) });
}

function ownHeaders(answer: Answer): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Type': answer.contentType };
  if (answer.receipt !== undefined) headers['Recourse-Receipt'] = answer.receipt;
  if (answer.retryAfterSeconds !== undefined) {
    headers['Retry-After'] = String(answer.retryAfterSeconds);
  }
  return headers;
}

/** The same bytes for everything that is not there, whatever was asked and however. */
export const notFound = (origin: string): Response =>
  problemAnswer(new Problem('not-found'), origin);
