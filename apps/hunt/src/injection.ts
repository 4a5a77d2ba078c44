import { onOthers } from './draw/draw-act.ts';
import { Drawer } from './draw/drawer.ts';
import { Random } from './draw/random.ts';
import { runStep, type Find, type Prepared, type Watch } from './history.ts';
import { brokenBetween, outcomeOf, type Outcome, type Tried } from './laws/injection.ts';
import type { Broken } from './laws/law.ts';
import { perform, type Act } from './play.ts';
import type { BranchingSession } from './world/branching-session.ts';
import { lastLooks } from './world/looks.ts';
import type { Stage } from './world/stage.ts';

// An honest history is played twice from one prepared state: alone, and with acts of enemies put in between.

/** How many honest acts, before everybody is asked about once more. */
const lengths = [12, 20, 30] as const;
/** Acts of enemies before an honest one, at most. */
const mostBetween = 3;

interface Drawn {
  readonly seed: number;
  readonly session: BranchingSession;
  readonly isHonest: boolean;
}

/** Plays a drawn history twice in branches. @returns the play in which enemies changed something, if one did */
export async function playTwice(
  { stage, acts: prepared }: Prepared,
  { seed, session, isHonest }: Drawn,
  watch: Watch,
): Promise<Find | undefined> {
  const { counts } = watch;
  const drawer = new Drawer(stage, { seed, isHonest, counts, common: onOthers });
  const random = new Random(seed + 1);
  const branch = async <T>(run: () => Promise<T>): Promise<T> => {
    const back = stage.mark();
    return session.branch(run).finally(back);
  };
  const script: Act[] = [];
  const without = await branch(async () => {
    const tried = new Map<string, Tried>();
    const play = async (act: Act): Promise<void> => {
      const came = await perform(stage, act, drawer.enemies);
      if (!came) return;
      script.push(act);
      counts.notePrepared(act, came);
      note(stage, { act, isAccepted: came.accepted }, tried);
      if (came.accepted) drawer.noteDue(act);
    };
    const length = random.pick(lengths) ?? 20;
    for (let n = 0; n < length; n++) await play(drawer.due(`s${n}`));
    for (const act of lastLooks(drawer.enemies)) await play(act);
    return outcomeOf(stage, drawer.enemies, tried);
  });
  return branch(async () => {
    const begun = { acts: [...prepared], accepted: new Set(prepared.map(({ id }) => id)) };
    return withEnemies(
      { stage, drawer, session, seed, ...begun },
      { script, random, without },
      watch,
    );
  });
}

interface Playing {
  readonly stage: Stage;
  readonly drawer: Drawer;
  readonly session: BranchingSession;
  readonly seed: number;
  readonly acts: Act[];
  readonly accepted: Set<string>;
}

async function withEnemies(
  { stage, drawer, session, seed, acts, accepted }: Playing,
  { script, random, without }: { script: readonly Act[]; random: Random; without: Outcome },
  watch: Watch,
): Promise<Find | undefined> {
  const { enemies } = drawer;
  // What an act takes from others is asked about in other histories.
  const laws = new Set([...watch.laws].filter((name) => name !== 'one-step' && name !== 'late'));
  const honest = new Map<string, Tried>();
  const find = (broken: Broken): Find => ({ broken, acts, accepted, enemies: [...enemies], seed });
  let broken: Broken | undefined;
  const play = async (act: Act): Promise<boolean | undefined> => {
    const made = stage.things.length;
    const step = await runStep({ stage, act, enemies, session }, { laws });
    if (!step) return undefined;
    acts.push(act);
    const { came } = step;
    if (came.accepted) accepted.add(act.id);
    ({ broken } = step);
    if (!isInjected(act)) watch.counts.notePrepared(act, came);
    else {
      watch.counts.note(act, came);
      drawer.learn(act, { accepted: came.accepted, made: stage.things.slice(made) });
    }
    return came.accepted;
  };
  let drawn = 0;
  for (const act of script) {
    for (let n = random.below(mostBetween + 1); n > 0 && enemies.size > 0; n--) {
      const enemys = drawer.enemys(`${injected}${drawn++}`);
      if (enemys) await play(enemys);
      if (broken) return find(broken);
    }
    const isAccepted = await play(act);
    if (broken) return find(broken);
    if (isAccepted !== undefined) note(stage, { act, isAccepted }, honest);
  }
  const changed = brokenBetween(without, await outcomeOf(stage, enemies, honest));
  return changed && find(changed);
}

const injected = 'x';
const isInjected = ({ id }: Act): boolean => id.startsWith(injected);
const isScript = ({ id }: Act): boolean => id.startsWith('s');

/** Acts of honest platforms that no enemy should keep them from. */
const compared: ReadonlySet<string> = new Set([
  'sanctions.submit',
  'sanctions.notify',
  'checks.evaluate',
  'checks.match',
]);

function note(stage: Stage, one: Tried, tried: Map<string, Tried>): void {
  const { id, op, by } = one.act;
  if (compared.has(op) && stage.who(by).platform) tried.set(id, one);
}

/** Plays it anew, each time where `begin` says. @returns what its injected acts changed */
export async function playedTwice(
  begin: () => Promise<Stage>,
  { acts, enemies: names }: Pick<Find, 'acts' | 'enemies'>,
): Promise<Broken | undefined> {
  const enemies = new Set(names);
  const playOnce = async (played: readonly Act[]): Promise<Outcome> => {
    const stage = await begin();
    const tried = new Map<string, Tried>();
    for (const act of played) {
      const came = await perform(stage, act, enemies);
      if (came && isScript(act)) note(stage, { act, isAccepted: came.accepted }, tried);
    }
    return outcomeOf(stage, enemies, tried);
  };
  const without = await playOnce(acts.filter((act) => !isInjected(act)));
  return brokenBetween(without, await playOnce(acts));
}
