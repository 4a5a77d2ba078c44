import { actNames, isRead, rowOf } from '../acts/table.ts';
import type { Act } from '../play.ts';
import type { Stage } from '../world/stage.ts';
import type { Counts } from './counts.ts';
import type { Random } from './random.ts';

/** Done again as it was: a second click, or somebody who tries whether it counts twice. */
export function repeated(
  { stage, random, counts }: { stage: Stage; random: Random; counts: Counts },
  { id, isTheirs }: { id: string; isTheirs: (name: string) => boolean },
): Act | undefined {
  const done = stage.facts.done.flatMap(({ op: name, ...rest }) => {
    const op = actNames.find((one) => one === name);
    return op && isTheirs(rest.by) && !op.startsWith('world.') && !isRead(op)
      ? [{ ...rest, op }]
      : [];
  });
  // What was seldom tried a second time comes first, or what is common would hide it.
  const again = random.happens(0.5)
    ? random.pick(done.slice(-3))
    : counts.rarest(random.shuffled(done), ({ op }) => `later ${op}`);
  if (!again) return undefined;
  const { by, op, refs, literals } = again;
  return { id, by, op, refs, literals: random.happens(0.7) ? literals : drawnAnew(again, random) };
}

function drawnAnew(
  { op, literals }: Pick<Act, 'op' | 'literals'>,
  random: Random,
): Act['literals'] {
  const choices = Object.entries(rowOf(op)?.choices ?? {});
  return Object.fromEntries(
    choices.map(([name, from]) => [name, random.pick(from) ?? literals[name] ?? '']),
  );
}
