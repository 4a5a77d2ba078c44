import { isRead, type ActName } from '../acts/table.ts';
import type { Thing } from '../acts/things.ts';
import type { Act } from '../play.ts';
import { habitOf, harmless } from '../world/habits.ts';
import { dueAct, noteDone } from '../world/honest.ts';
import type { Policy } from '../world/policy.ts';
import type { Stage } from '../world/stage.ts';
import { drawCoalition } from './coalition.ts';
import type { Counts } from './counts.ts';
import { drawAct, drawAllowed, nameOf, onCases } from './draw-act.ts';
import { Random } from './random.ts';

/** How many acts a history has: most plays are a few acts away from a state that honest people made. */
const lengths = [30, 30, 60, 120] as const;
const enemyShare = 0.55;
/** How often an enemy does the same ten times, at least: what has a limit is spent. */
const bursts = 0.04;
const mostTimes = 10;
/** How often honest people do the same behind it: whoever spent what is others', they are refused. */
const mostBehind = 2;
/** What was accepted fewer times has no limit that others would share. */
const leastSpent = 3;
/** How often the honest world runs on to its deadlines: that costs as much as some histories. */
const runsOn = 1 / 24;

/** Draws the acts of one history, one after the other, and learns from what they came to. */
export class Drawer {
  readonly enemies: ReadonlySet<string>;
  readonly length: number;
  readonly #random: Random;
  readonly #policy: Policy;
  readonly #drawing: Omit<Parameters<typeof drawAct>[0], 'fresh'>;
  readonly #refused = new Set<string>();
  #fresh: readonly Thing[] = [];
  #burst: readonly Act[] = [];
  /** Accepted acts of the burst that goes on; 0 where none does */
  #times = 0;
  /** Operations that enemies just did as often as they could, and honest people do next */
  #spent: readonly ActName[] = [];

  constructor(
    stage: Stage,
    drawn: { seed: number; isHonest: boolean; counts: Counts; common?: readonly ActName[] },
  ) {
    const random = new Random(drawn.seed);
    const { counts, common = onCases } = drawn;
    const enemies = drawn.isHonest ? new Set<string>() : drawCoalition(random);
    const shared = { stage, random, enemies, counts };
    this.enemies = enemies;
    this.#random = random;
    this.#policy = { ...shared, tried: new Map() };
    this.#drawing = {
      ...shared,
      common,
      allowed: drawAllowed(random, common),
      refused: this.#refused,
    };
    this.length = random.pick(lengths) ?? 60;
  }

  next(id: string): Act {
    const [again, ...rest] = this.#burst;
    this.#burst = rest;
    if (again) return { ...again, id };
    const behind = this.#behind(id);
    if (behind) return behind;
    const isEnemys = this.enemies.size > 0 && this.#random.happens(enemyShare);
    const drawn = isEnemys ? drawAct({ ...this.#drawing, fresh: this.#fresh }, id) : undefined;
    return drawn ?? dueAct(this.#policy, id);
  }

  /** What somebody honest does with their own, where enemies did it as often as they could. */
  #behind(id: string): Act | undefined {
    const [op, ...rest] = this.#spent;
    this.#spent = rest;
    const due = op && habitOf(this.#policy, op);
    return due && { id, ...due };
  }

  /** What honest people do next, whoever else acts. */
  due(id: string): Act {
    return dueAct(this.#policy, id);
  }

  noteDue(act: Act): void {
    noteDone(this.#policy, act);
  }

  /** What an enemy tries next; none where nothing fits. */
  enemys(id: string): Act | undefined {
    const [again, ...rest] = this.#burst;
    this.#burst = rest;
    return again ? { ...again, id } : drawAct({ ...this.#drawing, fresh: this.#fresh }, id);
  }

  /** @param made what came of it */
  learn(act: Act, came: { readonly accepted: boolean; readonly made: readonly Thing[] }): void {
    if (this.#times > 0) this.#noteBurst(act, came.accepted);
    if (!came.accepted) {
      this.#refused.add(nameOf(act));
      this.#burst = [];
      return;
    }
    if (this.enemies.has(act.by)) this.#fresh = came.made;
    else noteDone(this.#policy, act);
    if (this.#burst.length > 0 || isRead(act.op) || act.op.startsWith('world.')) return;
    // What was seldom done again comes first.
    if (this.enemies.has(act.by) && this.#happensSeldom(`often ${act.op}`, bursts)) {
      this.#burst = Array.from({ length: mostTimes - 1 }, () => act);
      this.#times = 1;
    } else if (this.#happensSeldom(`at once ${act.op}`)) this.#burst = [act];
  }

  /** What was accepted several times may have spent what others need. */
  #noteBurst({ op }: Act, isAccepted: boolean): void {
    if (isAccepted) this.#times++;
    if (isAccepted && this.#burst.length > 0) return;
    const isSpent = this.#times >= leastSpent && harmless.includes(op);
    if (isSpent) this.#spent = Array.from({ length: mostBehind }, () => op);
    this.#times = 0;
  }

  /** Less and less often by one name, and at least so often */
  #happensSeldom(name: string, least = 0): boolean {
    const { counts } = this.#policy;
    const happens = this.#random.happens(Math.max(least, 1 / (2 + counts.drawn(name))));
    if (happens) counts.draw(name);
    return happens;
  }

  /** The last act of some histories, after which the honest world alone goes on: see `world/forward.ts` */
  last(): Act | undefined {
    if (!this.#random.happens(runsOn)) return undefined;
    const literals = { hours: 1, on: this.#random.below(2 ** 31) };
    return { id: 'late', by: 'operator-2', op: 'world.wait', refs: {}, literals };
  }
}
