/** A request, as Hono and others have it. */
export interface Asked {
  readonly req: { header(name: string): string | undefined };
}

/** Named, and not with a weight of zero (RFC 9110, section 12.5.3) */
const named = /(?:^|,)\s*gzip\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))/i;

export const takesGzip = ({ req }: Asked): boolean =>
  named.test(req.header('Accept-Encoding') ?? '');
