import type { HttpContext } from './context.ts';

/** Named, and not with a weight of zero (RFC 9110, section 12.5.3) */
const named = /(?:^|,)\s*gzip\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))/i;

export const takesGzip = (c: HttpContext): boolean =>
  named.test(c.req.header('Accept-Encoding') ?? '');
