import { isJsonObject, parseStrictJson, Problem, toTimestamp } from '@recourse/protocol';
import type { Hono } from 'hono';
import { problemOf } from '@recourse/registry';
import { problemAnswer } from './answers.ts';
import type { HttpContext, HttpEnv, HttpServices } from './context.ts';
import { isJson, readBody } from './read-body.ts';
import { sandboxPages } from './sandbox-pages.ts';
import type { SandboxClock } from '../sandbox/sandbox-clock.ts';

const bodyBytes = 1024;
/** Far beyond the longest life of a record, and far from the end of what a date can say. */
const mostSeconds = 20 * 366 * 86_400;

/** `/sandbox` and below: sample cases, mails, and a clock by which deadlines of days are tried in seconds. A production registry has no such route. */
export function sandboxRoutes(app: Hono<HttpEnv>, http: HttpServices): void {
  const { sandbox } = http;
  if (!sandbox) return;
  const { clock } = sandbox;
  sandboxPages(app, sandbox);
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
