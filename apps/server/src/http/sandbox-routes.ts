import {
  isJsonObject,
  parseStrictJson,
  Problem,
  toTimestamp,
  type IssueCode,
} from '@recourse/protocol';
import type { Hono } from 'hono';
import { problemOf } from '@recourse/registry';
import { notFound, problemAnswer } from './answers.ts';
import { rawTarget, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { readForm, type Fields } from './case-pages/creator-forms.ts';
import { isJson, mediaType, readBody } from './read-body.ts';
import { isOfAnotherSite } from './same-site.ts';
import { sandboxFillingPages } from './sandbox-filling-pages.ts';
import { sandboxPages } from './sandbox-pages.ts';
import type { SandboxClock } from '../sandbox/sandbox-clock.ts';

const formType = 'application/x-www-form-urlencoded';
const bodyBytes = 1024;
const checkpointBytes = 65_536;
/** Far beyond the longest life of a record, and far from the end of what a date can say. */
const mostSeconds = 20 * 366 * 86_400;

/** `/sandbox` and below: sample cases, mails, and a clock by which deadlines of days are tried in seconds. A production registry has no such route. */
export function sandboxRoutes(app: Hono<HttpEnv>, http: HttpServices): void {
  const { sandbox } = http;
  if (!sandbox) return;
  const { clock } = sandbox;
  sandboxPages(app, http, sandbox);
  sandboxFillingPages(app, http, sandbox);
  witnessRoute(app, http);
  deskRoute(app, http);
  app.get('/sandbox/clock', (c) => c.json(stateOf(clock)));
  app.post('/sandbox/clock', async (c) => {
    try {
      const isForm = mediaType(c.env.incoming) === formType;
      if (isForm && isOfAnotherSite(c, http.config.origin)) return c.redirect('/sandbox', 303);
      clock.advance(isForm ? formSeconds(await readForm(c), clock) : await secondsIn(c, clock));
      await sandbox.settle();
      return isForm ? c.redirect('/sandbox', 303) : c.json(stateOf(clock));
    } catch (error) {
      return problemAnswer(problemOf(error), http.config.origin);
    }
  });
}

/**
 * A click on a sample person: an invite of their own, used once, and their desk. Only by POST, so that no link, preview or
 * prefetch makes a key for somebody; the invite stands behind the `#`, which no server and no log sees.
 */
function deskRoute(app: Hono<HttpEnv>, { config, sandbox }: HttpServices): void {
  app.post('/sandbox/desk', async (c) => {
    try {
      if (isOfAnotherSite(c, config.origin)) return c.redirect('/sandbox', 303);
      const address = await sandbox?.people.deskOf((await readForm(c))['person'] ?? '');
      return address === undefined ? notFound(config.origin) : c.redirect(address, 303);
    } catch (error) {
      return problemAnswer(problemOf(error), config.origin);
    }
  });
}

/** Keys that sample people enrolled are stated at once; it stands before the route of the enrolment itself. */
export function sandboxEnrolments(app: Hono<HttpEnv>, { sandbox, log }: HttpServices): void {
  if (!sandbox) return;
  app.use('/trpc/parties.enrol', async (c, next) => {
    await next();
    if (c.res.status !== 200) return;
    await sandbox.people.admit().catch((error: unknown) => log.fault('sandbox desk', error));
  });
}

/** The witnesses of the sample platforms, as everybody's: C2SP tlog-witness. */
function witnessRoute(app: Hono<HttpEnv>, http: HttpServices): void {
  const { config, sandbox } = http;
  app.post('/sandbox/witness/:name/add-checkpoint', async (c) => {
    try {
      const body = await readBody(c.env.incoming, checkpointBytes);
      const reply = await sandbox?.witnesses?.answer(`${config.origin}${rawTarget(c)}`, body);
      if (!reply) return notFound(config.origin);
      return new Response(new Uint8Array(reply.body), {
        status: reply.status,
        headers: { 'Content-Type': reply.contentType },
      });
    } catch (error) {
      return problemAnswer(problemOf(error), config.origin);
    }
  });
}

const stateOf = (clock: SandboxClock) => ({
  now: toTimestamp(clock.now()),
  offsetSeconds: clock.offsetSeconds,
});

async function secondsIn(c: HttpContext, clock: SandboxClock): Promise<number> {
  if (!isJson(c.env.incoming)) throw new Problem('unsupported-media-type');
  return forward(advanceIn(await readBody(c.env.incoming, bodyBytes)), clock);
}

const formSeconds = (fields: Fields, clock: SandboxClock): number =>
  forward(Number(fields['advanceSeconds']), clock);

function forward(seconds: number, clock: SandboxClock): number {
  const isForward = Number.isInteger(seconds) && seconds >= 0;
  if (isForward && clock.offsetSeconds + seconds <= mostSeconds) return seconds;
  throw new Problem('invalid-input', {
    issues: [{ path: 'advanceSeconds', code: 'out-of-bounds' satisfies IssueCode }],
  });
}

function advanceIn(body: Buffer): number {
  try {
    const json = parseStrictJson(body);
    return isJsonObject(json) ? Number(json['advanceSeconds']) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}
