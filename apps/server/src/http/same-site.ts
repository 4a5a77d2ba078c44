import type { HttpContext } from './context.ts';

/**
 * A form that a page of another site sent, by Sec-Fetch-Site or by Origin, `null` included: that is a sandboxed frame, or a
 * page that hides where it is. Such a page could spend the attempts and the mails of whoever looks at it. Our own pages say
 * their origin: `Referrer-Policy: same-origin` keeps it from being `null`. What sends neither header is no page.
 */
export function isOfAnotherSite(c: HttpContext, ours: string): boolean {
  const site = c.req.header('sec-fetch-site') ?? 'none';
  if (site !== 'same-origin' && site !== 'none') return true;
  const origin = c.req.header('origin');
  if (origin === undefined || origin === ours) return false;
  // By another name of ours than the public one, such as 127.0.0.1 of a sandbox.
  return !URL.canParse(origin) || new URL(origin).host !== c.req.header('host');
}
