import { Problem, problemBody, problemCodes } from '@recourse/protocol';
import type { Answer } from '@recourse/registry';

/** Read by every page and document: nothing is embedded, framed, guessed or remembered by anybody. */
export function securityHeaders(origin: string): Record<string, string> {
  return {
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    ...(origin.startsWith('https:') ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
}

/** A refusal that no procedure made: of the transport, of a limit, of an unknown path. */
export function problemAnswer(problem: Problem, origin: string): Response {
  return answerResponse({
    status: problemCodes[problem.code].status,
    contentType: 'application/problem+json',
    body: JSON.stringify(problemBody(problem, origin)),
    ...(problem.retryAfterSeconds === undefined
      ? {}
      : { retryAfterSeconds: problem.retryAfterSeconds }),
  });
}

export function answerResponse(answer: Answer): Response {
  const headers: Record<string, string> = { 'Content-Type': answer.contentType };
  if (answer.receipt !== undefined) headers['Recourse-Receipt'] = answer.receipt;
  if (answer.retryAfterSeconds !== undefined) {
    headers['Retry-After'] = String(answer.retryAfterSeconds);
  }
  return new Response(answer.body, { status: answer.status, headers });
}

/** The same bytes for everything that is not there, whatever was asked and however. */
export const notFound = (origin: string): Response =>
  problemAnswer(new Problem('not-found'), origin);
