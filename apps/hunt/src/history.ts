import type { Came } from './acts/things.ts';
import type { Counts } from './draw/counts.ts';
import { Drawer } from './draw/drawer.ts';
import { books } from './laws/books.ts';
import { budgets } from './laws/budgets.ts';
import { canaries } from './laws/canaries.ts';
import { faults } from './laws/faults.ts';
import { grounds } from './laws/grounds.ts';
import { heard } from './laws/heard.ts';
import type { Broken, Law, LawName } from './laws/law.ts';
import { brokenLate } from './laws/late.ts';
import { lostBy, optionsOf, watched, type Branch } from './laws/one-step.ts';
import type { Probes } from './laws/probes.ts';
import { once } from './laws/once.ts';
import { own } from './laws/own.ts';
import { oneVote } from './laws/one-vote.ts';
import { series } from './laws/series.ts';
import { units } from './laws/units.ts';
import { changesSomething, perform, type Act } from './play.ts';
import type { BranchingSession } from './world/branching-session.ts';
import { goOn } from './world/forward.ts';
import { Stage } from './world/stage.ts';
import type { World } from './world/start-world.ts';

const laws: Readonly<Record<Exclude<LawName, 'one-step' | 'injection' | 'late'>, Law>> = {
  canaries,
  'one-vote': oneVote,
  heard,
  once,
  own,
  grounds,
  series,
  budgets,
  units,
  books,
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

/** A state that honest acts led to, from which histories begin. */
export interface Prepared {
  readonly stage: Stage;
  readonly acts: readonly Act[];
}

/** Plays the honest acts that come before every history of a round. @returns as `broken` what they break */
export async function prepare(
  world: World,
  planned: readonly Act[],
  { laws, counts, seed }: Pick<Watch, 'laws' | 'counts'> & { seed: number },
): Promise<Prepared & { readonly broken?: Find }> {
  const stage = new Stage(await world.fresh(), world.seated);
  const acts: Act[] = [];
  const accepted = new Set<string>();
  for (const act of planned) {
    const step = { stage, act, enemies: new Set<string>(), session: world.session };
    const done = await runStep(step, { laws: withoutProbes(laws) });
    if (!done) continue;
    acts.push(act);
    counts.notePrepared(act, done.came);
    if (done.came.accepted) accepted.add(act.id);
    const { broken } = done;
    if (broken) return { stage, acts, broken: { broken, acts, accepted, enemies: [], seed } };
  }
  return { stage, acts };
}

const withoutProbes = (laws: ReadonlySet<LawName>): ReadonlySet<LawName> =>
  new Set([...laws].filter((name) => name !== 'one-step'));

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
  const { counts, probes } = watch;
  const drawer = new Drawer(stage, { seed, isHonest, counts });
  const { enemies } = drawer;
  const accepted = new Set(acts.map(({ id }) => id));
  const play = async (act: Act): Promise<Find | undefined> => {
    const made = stage.things.length;
    const step = await runStep({ stage, act, enemies, session, probes }, watch);
    if (!step) return undefined;
    const { came, broken } = step;
    acts.push(act);
    counts.note(act, came);
    if (came.accepted) accepted.add(act.id);
    if (broken) return { broken, acts, accepted, enemies: [...enemies], seed };
    drawer.learn(act, { accepted: came.accepted, made: stage.things.slice(made) });
    return undefined;
  };
  for (let n = 0; n < drawer.length && !watch.isOver(); n++) {
    const find = await play(drawer.next(`a${n}`));
    if (find) return find;
  }
  const last = watch.laws.has('late') ? drawer.last() : undefined;
  return last && play(last);
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
  const { stage, act, enemies } = step;
  if (watch.laws.has('one-step') && isProbed(step) && changesSomething(act)) {
    const { came, broken } = await probe(step);
    return came && { came, broken: broken ?? (await ask({ ...step, came }, watch)) };
  }
  const came = await perform(stage, act, enemies);
  if (!came) return undefined;
  const { on } = act.literals;
  if (!watch.laws.has('late') || typeof on !== 'number')
    return { came, broken: await ask({ ...step, came }, watch) };
  await goOn(stage, { enemies, seed: on });
  return {
    came,
    broken: (await brokenLate(stage, enemies)) ?? (await ask({ ...step, came }, watch)),
  };
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
  if (claimants.length === 0)
    return { came: await perform(stage, act, enemies), broken: undefined };
  const back = stage.mark();
  const tried = await session.unless(async () => {
    const came = await perform(stage, act, enemies);
    const after = came?.accepted ? await optionsOf(stage, claimants, branch) : undefined;
    return { came, after, isTakenBack: after !== undefined };
  });
  if (!tried.after) return { came: tried.came, broken: undefined };
  back();
  probes?.spend();
  const before = await optionsOf(stage, claimants, branch);
  const came = await perform(stage, act, enemies);
  return {
    came,
    broken: came?.accepted ? lostBy(act, { before, after: tried.after, stage }) : undefined,
  };
}
