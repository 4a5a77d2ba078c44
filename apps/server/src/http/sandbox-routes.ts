import { isJsonObject, parseStrictJson, Problem, toTimestamp } from '@recourse/protocol';
import type { Hono } from 'hono';
import { problemOf } from '@recourse/registry';
import { problemAnswer } from './answers.ts';
import type { HttpContext, HttpEnv, HttpServices } from './context.ts';
import { readBody } from './read-body.ts';
import type { SandboxClock } from '../sandbox/sandbox-clock.ts';

const bodyBytes = 1024;
/** Far beyond the longest life of a record, and far from the end of what a date can say. */
const mostSeconds = 20 * 366 * 86_400;

/** `/sandbox/clock`: deadlines of days, tried in seconds. A production registry has no such route. */
export function sandboxRoutes(app: Hono<HttpEnv>, http: HttpServices): void {
  const { clock } = http;
  if (!clock) return;
  app.get('/sandbox/clock', (c) => c.json(stateOf(clock)));
  app.post('/sandbox/clock', async (c) => {
    try {
      clock.advance(await secondsIn(c, clock));
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

/** JSON by name: a form of another site cannot send that without asking, and asking is answered with no. */
async function secondsIn(c: HttpContext, clock: SandboxClock): Promise<number> {
  const type = c.env.incoming.headers['content-type'] ?? '';
  if (type.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    throw new Problem('unsupported-media-type');
  }
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
