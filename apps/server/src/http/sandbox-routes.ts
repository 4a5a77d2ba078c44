import { isJsonObject, parseStrictJson, Problem, toTimestamp } from '@recourse/protocol';
import type { Hono } from 'hono';
import { problemOf } from '@recourse/registry';
import { notFound, problemAnswer } from './answers.ts';
import { rawTarget, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { isJson, readBody } from './read-body.ts';
import { sandboxPages } from './sandbox-pages.ts';
import type { SandboxClock } from '../sandbox/sandbox-clock.ts';

const bodyBytes = 1024;
const checkpointBytes = 65_536;
/** Far beyond the longest life of a record, and far from the end of what a date can say. */
const mostSeconds = 20 * 366 * 86_400;

/** `/sandbox` and below: sample cases, mails, and a clock by which deadlines of days are tried in seconds. A production registry has no such route. */
export function sandboxRoutes(app: Hono<HttpEnv>, http: HttpServices): void {
  const { sandbox } = http;
  if (!sandbox) return;
  const { clock } = sandbox;
  sandboxPages(app, sandbox);
  witnessRoute(app, http);
  app.get('/sandbox/clock', (c) => c.json(stateOf(clock)));
  app.post('/sandbox/clock', async (c) => {
    try {
      clock.advance(await secondsIn(c, clock));
      await sandbox.settle();
      return c.json(stateOf(clock));
    } catch (error) {
      return problemAnswer(problemOf(error), http.config.origin);
    }
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
  const seconds = advanceIn(await readBody(c.env.incoming, bodyBytes));
  const isForward = Number.isInteger(seconds) && seconds >= 0;
  if (isForward && clock.offsetSeconds + seconds <= mostSeconds) return seconds;
  throw new Problem('invalid-input', {
    issues: [{ path: 'advanceSeconds', code: 'out-of-bounds' }],
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
