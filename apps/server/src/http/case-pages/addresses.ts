import {
  fromBase64url,
  isJsonObject,
  parseStrictJson,
  toBase64url,
  toDay,
  utf8,
} from '@recourse/protocol';
import { getCookie, setCookie } from 'hono/cookie';
import { randomBytes } from 'node:crypto';
import type { HttpContext, HttpServices } from '../context.ts';

/**
 * Pages that a form leads to have an address of their own, so that Back and a reload ask for them anew (303, RFC 9110,
 * section 15.4.4). What such a page is drawn from stays with the browser: in a cookie that is sent to this address alone,
 * and that the vault alone opens, for half an hour and until its reader leaves. A browser that keeps no cookies gets the page at once, as its answer.
 */
export interface Move {
  /** The last part of the address */
  readonly step: string;
  /** What the page is drawn from; an address is of one state */
  readonly state: State;
  /** What may be read in the address */
  readonly query?: Readonly<Record<string, string>>;
}

export type State = Readonly<Record<string, string>>;

const secondsKept = 30 * 60;
/** Browsers drop a cookie of more than 4,096 bytes. */
const longestCookie = 3_800;
const name = 'page';
/** Says that cookies come back, and names the visit that pages are kept for once there is one. */
const probe = 'cookies';
const noVisit = '1';

type Here = { readonly c: HttpContext; readonly http: HttpServices; readonly now: Date };

/** Finds out whether this browser sends cookies back. It says nothing else, and goes with the browser's session. */
export function probeCookies({ c, http }: Here): void {
  if (getCookie(c, probe) === undefined) setCookie(c, probe, noVisit, optionsOf(http, '/case'));
}

/** The address to go to, without what is read in it; undefined where only the answer itself can be the page. */
export function keep(here: Here, { step, state }: Move): string | undefined {
  const { c, http, now } = here;
  const visit = visitOf(here);
  if (visit === undefined) return undefined;
  const handle = handleOf(here, state);
  const until = String(Math.floor(now.getTime() / 1000) + secondsKept);
  const sealed = http.services.vault.sealPage(
    JSON.stringify({ ...state, until }),
    placeOf(handle, visit),
  );
  const value = toBase64url(sealed);
  if (value.length > longestCookie) return undefined;
  const path = `/case/at/${handle}`;
  if (visit !== getCookie(c, probe)) setCookie(c, probe, visit, optionsOf(http, '/case'));
  // Without an age: it goes with the browser's session, or with the time that is sealed in it.
  setCookie(c, name, value, optionsOf(http, path));
  return `${path}/${step}`;
}

/** What the browser kept for an address; undefined for what it did not, or for too long. */
export function kept({ c, http, now }: Here, handle: string): State | undefined {
  try {
    const sealed = fromBase64url(getCookie(c, name) ?? '');
    const place = placeOf(handle, getCookie(c, probe));
    const { until, ...state } = stringsIn(http.services.vault.openPage(sealed, place));
    return Number(until) * 1000 > now.getTime() ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the visit: no page that this browser kept opens again, in any of its windows. */
export function leaveAll({ c, http }: Pick<Here, 'c' | 'http'>): void {
  if (getCookie(c, probe) !== undefined) setCookie(c, probe, noVisit, optionsOf(http, '/case'));
}

/** Random, for the first page that is kept; undefined for a browser that sends no cookies back. */
function visitOf({ c }: Here): string | undefined {
  const visit = getCookie(c, probe);
  return visit === noVisit ? randomBytes(16).toString('base64url') : visit;
}

const placeOf = (handle: string, visit = ''): string => `${handle} ${visit}`;

/** One address a state and day: a name that tells nothing of it, and that nobody can make without the vault. */
function handleOf({ http, now }: Here, state: State): string {
  const text = `recourse/page-address/1:${toDay(now)} ${JSON.stringify(state)}`;
  return toBase64url(http.services.vault.proofOf(text).subarray(0, 12));
}

function stringsIn(text: string): Record<string, string> {
  const json = parseStrictJson(utf8(text));
  const entries = Object.entries(isJsonObject(json) ? json : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** No script reads it, and no page of another site can have it sent. */
const optionsOf = ({ config }: HttpServices, path: string) =>
  ({
    path,
    httpOnly: true,
    sameSite: 'Strict',
    secure: config.origin.startsWith('https:'),
  }) as const;
