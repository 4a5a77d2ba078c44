import type { IncomingMessage } from 'node:http';

/** `http://host/path` (RFC 9112, section 3.2.2): the authority is the client's word, and nothing here reads it. */
const authority = /^https?:\/\/[^/?#\\]*/i;

/**
 * Brings the target of a request into the form that all routes read.
 * @returns false for a request that a proxy on the way may have read as another one: with two Host headers or none
 */
export function normaliseRequest(request: IncomingMessage): boolean {
  const target = (request.url ?? '/').replace(authority, '');
  request.url = target === '' || target.startsWith('?') ? `/${target}` : target;
  const names = request.rawHeaders.filter((_, at) => at % 2 === 0);
  const hosts = names.filter((name) => name.toLowerCase() === 'host').length;
  return hosts === 1 || (hosts === 0 && request.httpVersion === '1.0');
}
