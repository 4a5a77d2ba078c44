import { operations } from './acts/table.ts';
import { Counts } from './draw/counts.ts';
import { Random } from './draw/random.ts';
import { printTest } from './finds/print.ts';
import { confirm, type Play } from './finds/replay.ts';
import { shrink } from './finds/shrink.ts';
import { playHistory, prepare, type Find } from './history.ts';
import { playTwice } from './injection.ts';
import type { LawName } from './laws/law.ts';
import { Probes } from './laws/probes.ts';
import type { Act } from './play.ts';
import { prepared } from './world/prepared.ts';
import type { World } from './world/start-world.ts';

export interface HuntOptions {
  readonly seed: number;
  readonly laws: ReadonlySet<LawName>;
  /** Nobody is an enemy: a law that is broken then is a wrong law */
  readonly isHonest: boolean;
  /** Ends at the first play that is confirmed */
  readonly untilFound?: boolean;
  /** How long it has run */
  readonly seconds?: () => number;
  /** Asked before each act */
  readonly isOver: (acts: number) => boolean;
  readonly onProgress: (line: string) => void;
}

/** A play that broke a law, as short as it got. */
export interface Caught extends Play {
  readonly seed: number;
  /** Whether it does so with real commits, too; one that does not is shown, and counts for nothing */
  readonly isConfirmed: boolean;
  readonly test: string;
  readonly after: { readonly acts: number; readonly seconds: number };
}

export interface Hunted {
  readonly counts: Counts;
  readonly covered: readonly string[];
  readonly caught: readonly Caught[];
}

/** Where one find is enough, or each replay runs on for weeks, it is made no shorter than it gets fast. */
const fewReplays = 10;

/** Which reviewers are asked to vote follows from ids, which are drawn anew with each replay. */
const confirmations = 3;

/** How often a way of breaking a law is looked into that no replay confirmed. */
const mostTries = 4;

/** Histories that begin at one prepared state, before another is made; more where it took longer to make. */
const historiesARound = ({ length }: readonly Act[]): number => (length > longState ? 5 : 2);
const longState = 75;

/** Looks for plays until it is over. Each way of breaking a law is caught once. */
export async function hunt(world: World, options: HuntOptions): Promise<Hunted> {
  const { seed, laws, isHonest, onProgress } = options;
  const counts = new Counts();
  const caught = new Map<string, Caught>();
  const tries = new Map<string, number>();
  const isFound = (): boolean =>
    options.untilFound === true && [...caught.values()].some(({ isConfirmed }) => isConfirmed);
  const isOver = (): boolean => isFound() || options.isOver(counts.acts);
  const random = new Random(seed);
  const watch = { laws, counts, isOver, probes: new Probes(new Random(seed + 1)) };
  const keep = async (find: Find | undefined): Promise<boolean> => {
    const name = find && nameOf(find);
    const times = tries.get(name ?? '') ?? 0;
    if (!name || caught.get(name)?.isConfirmed || times >= mostTries) return false;
    tries.set(name, times + 1);
    onProgress(`act ${counts.acts}: ${find.broken.what}; making it shorter`);
    const after = { acts: counts.acts, seconds: Math.round(options.seconds?.() ?? 0) };
    caught.set(name, { ...(await catchIt(world, find, options)), after });
    return true;
  };
  while (!isOver()) {
    const begun = await prepare(world, prepared(random, laws), { laws, counts, seed });
    if (await keep(begun.broken)) continue;
    const histories = historiesARound(begun.acts);
    const isTwiceToo = laws.has('injection');
    for (let n = 0; n < histories + Number(isTwiceToo) && !isOver(); n++) {
      const drawn = { seed: random.below(2 ** 31), session: world.session, isHonest };
      // Shrinking began at an empty registry.
      const isTwice = isTwiceToo && (laws.size === 1 || n === histories);
      const play = isTwice ? playTwice : playHistory;
      if (await keep(await play(begun, drawn, watch))) break;
    }
  }
  return {
    counts,
    covered: operations.filter((op) => counts.reached(op)),
    caught: [...caught.values()],
  };
}

const nameOf = ({ broken }: Find): string => `${broken.law} ${broken.kind}`;

async function catchIt(
  world: World,
  find: Find,
  { untilFound = false }: HuntOptions,
): Promise<Omit<Caught, 'after'>> {
  const isFew = untilFound || find.broken.law === 'late';
  const play = await shrink(world, find, isFew ? fewReplays : undefined);
  let isConfirmed = false;
  for (let n = 0; n < confirmations && !isConfirmed; n++) isConfirmed = await confirm(world, play);
  return { ...play, seed: find.seed, isConfirmed, test: printTest(play) };
}
