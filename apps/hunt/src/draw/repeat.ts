import { actNames, isRead, rowOf } from '../acts/table.ts';
import type { Act } from '../play.ts';
import type { Stage } from '../world/stage.ts';
import type { Random } from './random.ts';

/** Done again as it was: a second click, or somebody who tries whether it counts twice. */
export function repeated(
  stage: Stage,
  random: Random,
  { id, isTheirs }: { id: string; isTheirs: (name: string) => boolean },
): Act | undefined {
  const done = stage.facts.done.flatMap(({ op: name, ...rest }) => {
    const op = actNames.find((one) => one === name);
    return op && isTheirs(rest.by) && !op.startsWith('world.') && !isRead(op)
      ? [{ ...rest, op }]
      : [];
  });
  const again = random.pick(random.happens(0.5) ? done.slice(-3) : done);
  if (!again) return undefined;
  const { by, op, refs, literals } = again;
  return { id, by, op, refs, literals: random.happens(0.7) ? literals : drawn(again, random) };
}

function drawn({ op, literals }: Pick<Act, 'op' | 'literals'>, random: Random): Act['literals'] {
  const choices = Object.entries(rowOf(op)?.choices ?? {});
  return Object.fromEntries(
    choices.map(([name, from]) => [name, random.pick(from) ?? literals[name] ?? '']),
  );
}
