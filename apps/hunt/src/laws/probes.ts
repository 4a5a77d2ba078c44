import type { Act } from '../play.ts';
import type { Random } from '../draw/random.ts';
import type { Thing } from '../acts/things.ts';
import type { Stage } from '../world/stage.ts';

/** Which acts were already asked about in branches: what came often in the same state is asked about seldom. */
export class Probes {
  readonly #asked = new Map<string, number>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  isWorthIt(stage: Stage, act: Act, claimants: readonly Thing<'claimant'>[]): boolean {
    const name = shapeOf(stage, act, claimants);
    const asked = this.#asked.get(name) ?? 0;
    if (!this.#random.happens(often / (often + asked))) return false;
    this.#asked.set(name, asked + 1);
    return true;
  }
}

const often = 3;

/** What an act is, and what its record and those whose options are watched are to each other. */
function shapeOf(
  stage: Stage,
  { op, literals, refs }: Act,
  claimants: readonly Thing<'claimant'>[],
): string {
  const concerned = new Set(
    Object.values(refs).flatMap((id) => {
      const value = stage.things.find((one) => one.id === id)?.value;
      return value && 'sanction' in value ? [value.sanction] : [];
    }),
  );
  const { joined, decisions, asked } = stage.facts;
  const states = claimants.map(({ holder, value: { sanction, way } }) => {
    const here = <T extends { sanction: string }>(list: readonly T[]) =>
      list.filter((one) => one.sanction === sanction);
    const own = here(joined).some(({ by }) => by === holder);
    const others = here(joined).some(({ by }) => by !== holder);
    const counts = [here(decisions).length, here(asked).length].map((count) => Math.min(count, 2));
    return [way, concerned.has(sanction), own, others, ...counts].join();
  });
  return [op, ...Object.values(literals), ...states].join(' ');
}
