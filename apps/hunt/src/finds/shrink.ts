import type { Find } from '../history.ts';
import type { World } from '../world/start-world.ts';
import type { Act } from '../play.ts';
import { replay, type Play } from './replay.ts';

/** How often a find is replayed to make it shorter. */
const usualReplays = 150;

/** Leaves out acts, in ever smaller pieces, as long as the last act breaks the same law in the same way. */
export async function shrink(
  world: World,
  { accepted, ...find }: Find,
  mostReplays = usualReplays,
): Promise<Play> {
  let shortest: Play = find;
  let replays = 0;
  const take = async (acts: readonly Act[]): Promise<void> => {
    if (replays++ >= mostReplays) return;
    const broken = await replay(world, { ...shortest, acts });
    if (broken?.law !== find.broken.law || broken.kind !== find.broken.kind) return;
    shortest = { ...shortest, acts, broken };
  };
  // What was refused changed nothing, as a rule.
  await take(find.acts.filter(({ id }) => accepted.has(id)));
  for (let size = Math.ceil(shortest.acts.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let end = shortest.acts.length - 1; end > 0; end -= size) {
      await take(without(shortest.acts, Math.max(0, end - size), end));
    }
  }
  return shortest;
}

const without = (acts: readonly Act[], from: number, to: number): Act[] => [
  ...acts.slice(0, from),
  ...acts.slice(to),
];
