import { z } from 'zod';

/** 32 bytes as canonical base64url: the last of 43 characters carries two zero bits. */
export const b64u32 = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);

/** Unpadded base64url of any length; decoders refuse non-canonical trailing bits. */
export const b64u = z.string().regex(/^[A-Za-z0-9_-]*$/);

/** A platform's own case id. No mail address fits it, since recalls and lists repeat it in clear. */
export const ownRef = z.string().regex(/^[\w.:/#-]{1,64}$/);

/** Seconds since 1970 (RFC 7519 NumericDate), whole. */
export const numericDate = z.int().min(0).max(253_402_300_799);

/** RFC 3339 in UTC with whole seconds or milliseconds. */
export const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);

/** A compact JWS, unread. */
export const compactJws = z
  .string()
  .max(65_536)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);

/** BCP 47: a primary subtag with an optional region. */
export const language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/);

/** RFC 3339 in UTC. */
export const toTimestamp = (date: Date): string =>
  new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** The day in UTC, as `2028-04-26`. */
export const toDay = (date: Date): string => date.toISOString().slice(0, 10);

/** Whole seconds since 1970, rounded down. */
export const toNumericDate = (date: Date): number => Math.floor(date.getTime() / 1000);

/** The date of whole seconds since 1970. */
export const fromNumericDate = (seconds: number): Date => new Date(seconds * 1000);
