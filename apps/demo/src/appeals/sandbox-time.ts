import type { Stage } from './appeal-stage.ts';

/**
 * Moves the clock of the sandbox to an hour after an instant: deadlines of days, tried in seconds. Then each platform
 * calls once, and learns what time it is.
 */
export async function moveTo({ registry, told }: Stage, instant: string | Date): Promise<void> {
  const { origin } = registry;
  const { now } = await clock(origin);
  const target = new Date(instant).getTime() + 3_600_000;
  const seconds = Math.ceil((target - new Date(now).getTime()) / 1000);
  if (seconds > 0) await clock(origin, { advanceSeconds: seconds });
  for (const { platform } of told) await platform.recalls.list({ limit: 1 });
}

async function clock(origin: string, body?: object): Promise<{ now: string }> {
  const headers = { 'content-type': 'application/json' };
  const advance = body && { method: 'POST', body: JSON.stringify(body), headers };
  const response = await fetch(`${origin}/sandbox/clock`, advance);
  if (response.status !== 200) throw new Error('the clock of the sandbox does not move');
  return (await response.json()) as { now: string };
}

/** Asks again until it holds: what is due is written by a job of the registry within seconds. */
export async function eventually(holds: () => Promise<boolean>, seconds = 90): Promise<boolean> {
  const until = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return true;
}
