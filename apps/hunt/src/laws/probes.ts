import type { Act } from '../play.ts';
import type { Random } from '../draw/random.ts';
import type { Thing } from '../acts/things.ts';
import type { Stage } from '../world/stage.ts';

/** A probe costs as much as dozens of acts: so many may be asked about for each act that is played. */
const perAct = 0.06;
const mostSaved = 4;

/** Which acts were already asked about in branches: what came often in the same state is asked about seldom. */
export class Probes {
  readonly #asked = new Map<string, number>();
  readonly #random: Random;
  #saved = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @returns at most one, whose options are looked at before and after the act */
  choose(
    stage: Stage,
    act: Act,
    claimants: readonly Thing<'claimant'>[],
  ): readonly Thing<'claimant'>[] {
    this.#saved = Math.min(mostSaved, this.#saved + perAct);
    const one = this.#random.pick(claimants);
    if (!one || this.#saved < 1) return [];
    const name = shapeOf(stage, act, one);
    const asked = this.#asked.get(name) ?? 0;
    if (!this.#random.happens(1 / (1 + asked))) return [];
    this.#asked.set(name, asked + 1);
    return [one];
  }

  /** What was refused is no probe. */
  spend(): void {
    this.#saved--;
  }
}

/** What an act is, and how its record and the claimant stand to each other. */
function shapeOf(
  stage: Stage,
  { op, literals, refs }: Act,
  { holder, value: { sanction, way } }: Thing<'claimant'>,
): string {
  const isConcerned = Object.values(refs).some((id) => {
    const value = stage.things.find((one) => one.id === id)?.value;
    return value !== undefined && 'sanction' in value && value.sanction === sanction;
  });
  const { joined, decisions, asked } = stage.facts;
  const here = <T extends { sanction: string }>(list: readonly T[]): T[] =>
    list.filter((one) => one.sanction === sanction);
  const own = here(joined).some(({ by }) => by === holder);
  const others = here(joined).some(({ by }) => by !== holder);
  const counts = [here(decisions), here(asked)].map(({ length }) => Math.min(length, 2));
  return [op, ...Object.values(literals), way, isConcerned, own, others, ...counts].join(' ');
}
