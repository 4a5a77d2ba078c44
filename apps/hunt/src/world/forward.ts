import { Counts } from '../draw/counts.ts';
import { Random } from '../draw/random.ts';
import { perform, type Act } from '../play.ts';
import { duesOf, noteDone } from './honest.ts';
import type { Policy } from './policy.ts';
import type { Stage } from './stage.ts';

/** Past the thirty days of a decision, and the days that a deadline is moved by. */
const days = 48;
const stepDays = 3;

/** What makes more to look after, and what nobody needs: left out. */
const leftOut: ReadonlySet<string> = new Set([
  'sanctions.submit',
  'checks.evaluate',
  'review.items',
]);

/** The honest world alone runs on to the deadlines: every third day each does all that is due. */
export async function goOn(
  stage: Stage,
  { enemies, seed }: { enemies: ReadonlySet<string>; seed: number },
): Promise<void> {
  const random = new Random(seed);
  const policy: Policy = { stage, random, enemies, tried: new Map(), counts: new Counts() };
  let acts = 0;
  const run = async (act: Omit<Act, 'id'>): Promise<void> => {
    const whole = { id: `f${acts++}`, ...act };
    const came = await perform(stage, whole, enemies);
    if (came?.accepted) noteDone(policy, whole);
  };
  const world = { by: 'operator-2', refs: {} };
  for (let day = 0; day < days; day += stepDays) {
    await run({ ...world, op: 'world.mail', literals: {} });
    for (const due of duesOf(policy).filter(({ op }) => !leftOut.has(op))) await run(due);
    await run({ ...world, op: 'world.jobs', literals: {} });
    await run({ ...world, op: 'world.wait', literals: { hours: 24 * stepDays } });
  }
}
