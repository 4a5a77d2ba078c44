import type { Came } from './acts/things.ts';
import type { Counts } from './draw/counts.ts';
import { drawCoalition } from './draw/coalition.ts';
import { drawAct, drawAllowed, nameOf } from './draw/draw-act.ts';
import { Random } from './draw/random.ts';
import { canaries } from './laws/canaries.ts';
import { faults } from './laws/faults.ts';
import { heard } from './laws/heard.ts';
import type { Broken, Law, LawName } from './laws/law.ts';
import { lostBy, optionsOf, watched, type Branch } from './laws/one-step.ts';
import type { Probes } from './laws/probes.ts';
import { oneVote } from './laws/one-vote.ts';
import { changesSomething, perform, type Act } from './play.ts';
import type { BranchingSession } from './world/branching-session.ts';
import { dueAct, noteDone } from './world/honest.ts';
import type { Policy } from './world/policy.ts';
import { Stage } from './world/stage.ts';
import type { World } from './world/start-world.ts';

const laws: Readonly<Record<Exclude<LawName, 'one-step'>, Law>> = {
  canaries,
  'one-vote': oneVote,
  heard,
  faults,
};

export interface Watch {
  readonly laws: ReadonlySet<LawName>;
  readonly counts: Counts;
  /** More acts than these are not begun; true once somebody wants to stop */
  readonly isOver: () => boolean;
  readonly probes: Probes;
}

/** A history that broke a law by its last act. */
export interface Find {
  readonly broken: Broken;
  readonly acts: readonly Act[];
  /** Ids of those that were accepted */
  readonly accepted: ReadonlySet<string>;
  readonly enemies: readonly string[];
  readonly seed: number;
}

/** How many acts a history has: most plays are a few acts away from a state that honest people made. */
const lengths = [30, 30, 60, 220] as const;
const enemyShare = 0.55;

/** A state that honest acts led to, from which histories begin. */
export interface Prepared {
  readonly stage: Stage;
  readonly acts: readonly Act[];
}

/** Plays the honest acts that come before every history of a round. */
export async function prepare(world: World, acts: readonly Act[]): Promise<Prepared> {
  const stage = new Stage(await world.fresh(), world.seated);
  for (const act of acts) await perform(stage, act);
  stage.readings.length = 0;
  return { stage, acts };
}

/** Plays one drawn history in a branch of a prepared state. @returns the play that broke a law, if one did */
export function playHistory(
  { stage, acts }: Prepared,
  drawn: { seed: number; session: BranchingSession; isHonest?: boolean },
  watch: Watch,
): Promise<Find | undefined> {
  const back = stage.mark();
  const played = drawn.session.branch(() => playOn({ stage, acts: [...acts] }, drawn, watch));
  return played.finally(back);
}

async function playOn(
  { stage, acts }: { stage: Stage; acts: Act[] },
  { seed, session, isHonest = false }: Parameters<typeof playHistory>[1],
  watch: Watch,
): Promise<Find | undefined> {
  const random = new Random(seed);
  const enemies = isHonest ? new Set<string>() : drawCoalition(random);
  const policy: Policy = { stage, random, enemies, tried: new Map(), counts: watch.counts };
  const drawing = {
    stage,
    random,
    enemies,
    counts: watch.counts,
    allowed: drawAllowed(random),
    refused: new Set<string>(),
  };
  const accepted = new Set(acts.map(({ id }) => id));
  let fresh: Stage['things'] = [];
  const next = (id: string): Act => {
    const isEnemys = !isHonest && random.happens(enemyShare);
    return (isEnemys ? drawAct({ ...drawing, fresh }, id) : undefined) ?? dueAct(policy, id);
  };
  const longest = random.pick(lengths) ?? 60;
  for (let n = 0; n < longest && !watch.isOver(); n++) {
    const act = next(`a${n}`);
    const made = stage.things.length;
    const step = await runStep({ stage, act, enemies, session, probes: watch.probes }, watch);
    if (!step) continue;
    acts.push(act);
    watch.counts.note(act, step.came);
    if (step.came.accepted) accepted.add(act.id);
    if (step.broken) return { broken: step.broken, acts, accepted, enemies: [...enemies], seed };
    if (!step.came.accepted) drawing.refused.add(nameOf(act));
    if (!step.came.accepted) continue;
    if (enemies.has(act.by)) fresh = stage.things.slice(made);
    else noteDone(policy, act);
  }
  return undefined;
}

interface Step {
  readonly stage: Stage;
  readonly act: Act;
  readonly enemies: ReadonlySet<string>;
  readonly session: BranchingSession;
  /** Without it, every act is asked about */
  readonly probes?: Probes;
}

/** Runs one act and asks the laws about it. @returns nothing where it names nothing that there is */
export async function runStep(
  step: Step,
  watch: Pick<Watch, 'laws'>,
): Promise<{ came: Came; broken: Broken | undefined } | undefined> {
  const { stage, act } = step;
  if (watch.laws.has('one-step') && isProbed(step) && changesSomething(act)) {
    const { came, broken } = await probe(step);
    return came && { came, broken: broken ?? (await ask({ ...step, came }, watch)) };
  }
  const came = await perform(stage, act);
  if (!came) return undefined;
  return { came, broken: await ask({ ...step, came }, watch) };
}

async function ask(
  moment: Step & { came: Came },
  watch: Pick<Watch, 'laws'>,
): Promise<Broken | undefined> {
  for (const [name, law] of Object.entries(laws)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of `laws`
    if (!watch.laws.has(name as LawName)) continue;
    const broken = await law(moment);
    if (broken) return broken;
  }
  return undefined;
}

/** Acts of enemies; where there are none, of everybody but those whose options are watched. */
const isProbed = ({ stage, act: { by, op }, enemies }: Step): boolean => {
  if (enemies.size === 0) return watched(stage, enemies).every(({ holder }) => holder !== by);
  // A decision binds those whom it heard, whoever decides.
  return enemies.has(by) || op === 'review.decide';
};

/**
 * Asks what others may do after the act in a branch, and before it behind that. What is refused is played once, and so
 * is what came often in such a state.
 */
async function probe(step: Step) {
  const { stage, act, enemies, session, probes } = step;
  const branch: Branch = async (run) => {
    const back = stage.mark();
    try {
      return await session.branch(run);
    } finally {
      back();
    }
  };
  const all = watched(stage, enemies);
  const claimants = probes ? probes.choose(stage, act, all) : all;
  if (claimants.length === 0) return { came: await perform(stage, act), broken: undefined };
  const back = stage.mark();
  const tried = await session.unless(async () => {
    const came = await perform(stage, act);
    const after = came?.accepted ? await optionsOf(stage, claimants, branch) : undefined;
    return { came, after, isTakenBack: after !== undefined };
  });
  if (!tried.after) return { came: tried.came, broken: undefined };
  back();
  probes?.spend();
  const before = await optionsOf(stage, claimants, branch);
  const came = await perform(stage, act);
  return {
    came,
    broken: came?.accepted ? lostBy(act, { before, after: tried.after, stage }) : undefined,
  };
}
