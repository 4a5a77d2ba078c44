import type { Facts, Stage } from '../world/stage.ts';
import type { Broken, Law } from './law.ts';
import { stateOf } from './second-person.ts';

// No unit unpaid: each element that was evaluated and each ticket costs a unit of a bucket, and nothing else does.

/** Units of a platform that declared nothing. */
const declared = 8000;
const refillSeconds = 86_400;
/** A clock that ticks while a call runs refills a little. */
const tolerance = 0.5;

/** Follows the bucket of each platform by what was answered, and compares it with what the registry took. */
export const units: Law = async ({ stage, act, came }) => {
  if (!came.accepted) return undefined;
  if (act.op === 'checks.match') return askedBeyond(stage, act);
  if (act.op !== 'checks.evaluate' && act.op !== 'subjects.ticket') return undefined;
  const { size, spent, left } = bucketOf(stage, act.by);
  if (left < -tolerance) return broken('beyond the bucket', `${act.by} spent ${spent} of ${size}`);
  const taken = await takenOf(stage, act.by);
  if (taken < spent - tolerance)
    return broken('unit unpaid', `${act.by} was answered for ${spent} units, and paid ${taken}`);
  return taken > spent + tolerance
    ? broken('unit for nothing', `${act.by} paid ${taken} units for ${spent}`)
    : undefined;
};

const broken = (kind: string, what: string): Broken => ({ law: 'units', kind, what });

/** What is spent behind its last charge, and what that left for what a fifth is kept for, or for the rest. */
function bucketOf(stage: Stage, name: string): { size: number; spent: number; left: number } {
  let [spent, at, size, left] = [0, 0, declared, declared];
  for (const charge of stage.facts.units.filter(({ by }) => by === name)) {
    size = sizeAt(stage, charge);
    const back = at === 0 ? 0 : (size * (charge.at - at)) / refillSeconds;
    spent = Math.max(0, spent - back) + charge.units;
    left = size - spent - (charge.isKept ? 0 : Math.floor(size / 5));
    ({ at } = charge);
  }
  return { size, spent, left };
}

/** Operators set it. What one proposes changes nothing. */
function sizeAt({ facts }: Stage, { by, at }: Facts['units'][number]): number {
  const set = facts.done.findLast(
    (done) =>
      done.op === 'platforms.setQuota' &&
      stateOf(done.result) === 'executed' &&
      done.literals['what'] === 'elements' &&
      done.literals['party'] === by &&
      done.at <= at,
  );
  return set ? Number(set.literals['most']) : declared;
}

async function takenOf(stage: Stage, name: string): Promise<number> {
  const row = await stage.registry.services.db
    .selectFrom('check_meters')
    .select('spent')
    .where('party', '=', stage.who(name).platform?.id ?? '')
    .executeTakeFirst();
  return row?.spent ?? 0;
}

/** A check answers no more tokens than it evaluated, over all of its questions. */
function askedBeyond(stage: Stage, act: Parameters<Stage['referred']>[0]): Broken | undefined {
  const check = stage.referred(act, 'check', 'check')?.check;
  const { questions, units: charged } = stage.facts;
  const asked = questions.filter((one) => one.check === check).flatMap(({ tokens }) => tokens);
  const paid = charged.find((one) => one.check === check)?.units ?? 0;
  if (new Set(asked).size <= paid) return undefined;
  return broken('asked unpaid', `${check} answered more tokens than the ${paid} it evaluated`);
}
