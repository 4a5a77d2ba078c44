import type { Act } from '../play.ts';
import type { Random } from '../draw/random.ts';
import type { Thing } from '../acts/things.ts';
import type { Stage } from '../world/stage.ts';

/** A probe costs as much as dozens of acts: so many may be asked about for each act that is played. */
const perAct = 0.06;
const mostSaved = 4;
const nearFirst = 0.8;

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
    // Whoever is on the record that the act is about loses first.
    const near = claimants.filter(({ value }) => concerns(stage, act, value.sanction));
    const isNear = near.length > 0 && this.#random.happens(nearFirst);
    const one = this.#random.pick(isNear ? near : claimants);
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

/** Whether an act refers to something of a record. */
const concerns = (stage: Stage, { refs }: Pick<Act, 'refs'>, sanction: string): boolean =>
  Object.values(refs).some((id) => {
    const value = stage.things.find((one) => one.id === id)?.value;
    return value !== undefined && 'sanction' in value && value.sanction === sanction;
  });

/** So often a room is spent that somebody may share with others. */
const often = 8;

/** What an act is, and how its record and the claimant stand to each other. */
function shapeOf(
  stage: Stage,
  { by, op, literals, refs }: Act,
  { holder, value: { sanction, way } }: Thing<'claimant'>,
): string {
  const isConcerned = concerns(stage, { refs }, sanction);
  const { joined, decisions, asked } = stage.facts;
  const here = <T extends { sanction: string }>(list: readonly T[]): T[] =>
    list.filter((one) => one.sanction === sanction);
  const own = here(joined).some(({ by }) => by === holder);
  const others = here(joined).some(({ by }) => by !== holder);
  const times = stage.facts.done.filter((done) => done.by === by && done.op === op).length;
  const counts = [here(decisions), here(asked)].map(({ length }) => Math.min(length, 2));
  const whose = [way, isConcerned, own, others, times >= often - 1];
  return [op, ...Object.values(literals), ...whose, ...counts].join(' ');
}
