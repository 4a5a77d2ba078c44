import { actNames, isRead, rowOf, type ActName } from '../acts/table.ts';
import type { Literal, Row } from '../acts/row.ts';
import type { Thing } from '../acts/things.ts';
import type { Act } from '../play.ts';
import type { Principal } from '../world/principals.ts';
import type { Stage } from '../world/stage.ts';
import type { Counts } from './counts.ts';
import { isOwn } from './own.ts';
import type { Random } from './random.ts';
import { repeated } from './repeat.ts';

/** What a draw knows: who the enemies are, what was accepted how often, and what the last act made. */
export interface Drawing {
  readonly stage: Stage;
  readonly random: Random;
  readonly enemies: ReadonlySet<string>;
  readonly counts: Counts;
  /** Acts of this history alone: most histories leave most of the table out */
  readonly allowed: ReadonlySet<ActName>;
  /** Things of the last accepted act of an enemy */
  readonly fresh: readonly Thing[];
  /** Acts that come more often than the rest of the table */
  readonly common: readonly ActName[];
  /** Names of acts that were refused in this history */
  readonly refused: ReadonlySet<string>;
}

/** How often an enemy does again what was accepted. */
const repeats = 0.12;
/** How often an enemy tries to read what is somebody else's. */
const peeks = 0.08;
/** How often an act chains on what the last one made. */
const chains = 0.6;
const tries = 30;
/** A read changes nothing: it is drawn less often than what does. */
const readsLeftOut = 0.5;

/** An act that an enemy could try now; none where nothing fits. */
export function drawAct(drawing: Drawing, id: string): Act | undefined {
  const { random, enemies } = drawing;
  const isTheirs = (name: string): boolean => enemies.has(name);
  if (random.happens(repeats)) return repeated(drawing, { id, isTheirs });
  const other = random.happens(peeks) ? othersRead(drawing, id) : undefined;
  if (other) return other;
  for (let n = 0; n < tries; n++) {
    const act = candidate(drawing, id);
    if (act && isWorthTrying(drawing, act)) return act;
  }
  return undefined;
}

/** What was refused in this history is tried again seldom, and so is what is hardly ever accepted. */
function isWorthTrying({ stage, counts, random, refused }: Drawing, act: Act): boolean {
  if (refused.has(nameOf(act))) return random.happens(again);
  // What one already did often, others of the table have not been tried for.
  const { by, op } = act;
  const times = stage.facts.done.filter((done) => done.by === by && done.op === op).length;
  if (!random.happens(1 / (1 + times))) return false;
  return random.happens(Math.max(again, counts.shareAccepted(act)));
}

const again = 0.1;
export const nameOf = ({ by, op, refs, literals }: Act): string =>
  [by, op, ...Object.values(refs), ...Object.values(literals)].join(' ');

/** Acts that enemies may draw in a history: all that reach others, and a random part of the rest. */
export function drawAllowed(random: Random, common: readonly ActName[]): ReadonlySet<ActName> {
  const names = actNames.filter((name) => rowOf(name) && !isOfWorld(name));
  return new Set(random.some(names, 0.3 + random.next() * 0.6).concat(common));
}

/** Acts on a case, by which most plays go. */
export const onCases: readonly ActName[] = [
  'world.hand',
  'case.claim',
  'case.appeal',
  'case.join',
  'case.addInformation',
  'review.claim',
  'review.decide',
];
/** Acts that could reach the records and checks of another group, without a case. */
export const onOthers: readonly ActName[] = [
  'checks.match',
  'orders.execute',
  'parties.object',
  'platforms.suspend',
  'sanctions.bounced',
  'sanctions.notify',
  'sanctions.submit',
  'sanctions.withdraw',
  'subjects.challenge',
];
const isOfWorld = (name: ActName): boolean => name.startsWith('world.') && name !== 'world.hand';

function candidate(
  { stage, random, enemies, counts, ...drawing }: Drawing,
  id: string,
): Act | undefined {
  const isChained = drawing.fresh.length > 0 && random.happens(chains);
  const link = isChained ? random.pick(drawing.fresh) : undefined;
  // Operators may do little, and platforms much: each kind of enemy acts as often.
  const kinds = new Set(stage.cast.filter(({ name }) => enemies.has(name)).map(({ kind }) => kind));
  const kind = random.pick([...kinds]);
  const fitting = [...drawing.allowed].filter((name) => {
    const row = rowOf(name);
    if (link) return Object.values(row?.needs ?? {}).includes(link.noun);
    return kind !== undefined && row?.who.includes(kind);
  });
  const often = random.happens(0.4) ? drawing.common : [];
  const common = often.filter((name) => fitting.includes(name));
  const op = rarest(common.length > 0 ? common : fitting, counts, random);
  const row = op && rowOf(op);
  if (!op || !row || (isRead(op) && random.happens(readsLeftOut))) return undefined;
  const by = drawBy({ stage, random, enemies }, row, link);
  if (!by) return undefined;
  const refs = refsOf({ stage, random, enemies }, { op, row, by, link });
  return refs && { id, by: by.name, op, refs, literals: literalsOf(op, row, { counts, random }) };
}

/** A read of one thing that its principal may not act on, as far as the hunt knows. */
function othersRead({ stage, random, enemies, counts }: Drawing, id: string): Act | undefined {
  const by = random.pick(stage.cast.filter(({ name }) => enemies.has(name)));
  const reads = actNames.filter((name) => {
    const row = rowOf(name);
    return isRead(name) && by && row?.who.includes(by.kind) && Object.keys(row.needs).length === 1;
  });
  const op = counts.rarest([random.pick(reads), random.pick(reads)].filter(isSome), nameOfPeek);
  const [[name, noun] = []] = Object.entries((op && rowOf(op)?.needs) ?? {});
  const thing = random.pick(
    stage.things.filter(
      (one) =>
        by &&
        one.noun === noun &&
        (one.holder === null || enemies.has(one.holder)) &&
        !isOwn(stage, by, one),
    ),
  );
  if (!by || !op || name === undefined || !thing) return undefined;
  return { id, by: by.name, op, refs: { [name]: thing.id }, literals: {} };
}

const isSome = <T>(one: T | undefined): one is T => one !== undefined;
const nameOfPeek = (op: ActName): string => `peek ${op}`;

/** Things that it refers to, of those that its principal or another enemy knows. */
function refsOf(
  { stage, random, enemies }: Pick<Drawing, 'stage' | 'random' | 'enemies'>,
  { op, row, by, link }: { op: ActName; row: Row; by: Principal; link: Thing | undefined },
): Record<string, string> | undefined {
  const refs: Record<string, string> = {};
  for (const [name, noun] of Object.entries(row.needs)) {
    const usable = stage.things.filter(
      ({ holder, ...thing }) =>
        thing.noun === noun && (holder === null || holder === by.name || enemies.has(holder)),
    );
    const own = usable.filter((thing) => isOwn(stage, by, thing));
    const from = own.length > 0 && random.happens(ownFirst(isRead(op))) ? own : usable;
    const thing = link?.noun === noun && usable.includes(link) ? link : recent(from, random);
    if (!thing) return undefined;
    refs[name] = thing.id;
  }
  return refs;
}

/** Others' things are read more often than changed: what is refused is refused at once. */
const ownFirst = (reads: boolean): number => (reads ? 0.4 : 0.85);

/** One who may try it, among the enemies: whoever holds what it chains on, more often than not. */
function drawBy(
  { stage, random, enemies }: Pick<Drawing, 'stage' | 'random' | 'enemies'>,
  row: Row,
  link: Thing | undefined,
): Principal | undefined {
  const fit = stage.cast.filter(({ name, kind }) => enemies.has(name) && row.who.includes(kind));
  const holder = fit.find(({ name }) => name === link?.holder);
  return holder && random.happens(0.8) ? holder : random.pick(fit);
}

/** Of what there is, the newest more often. */
function recent(things: readonly Thing[], random: Random): Thing | undefined {
  if (random.happens(0.5)) return random.pick(things.slice(-3));
  return random.pick(things);
}

/** Half the time what was accepted the least often so far. */
function rarest<T extends string>(
  names: readonly T[],
  counts: Counts,
  random: Random,
): T | undefined {
  if (random.happens(0.5)) return random.pick(names);
  const drawn = [random.pick(names), random.pick(names), random.pick(names)].filter(
    (one) => one !== undefined,
  );
  return drawn.toSorted((a, b) => counts.of(a) - counts.of(b))[0];
}

/** Literals of the choice that was accepted the least often, half the time. */
function literalsOf(
  op: ActName,
  row: Row,
  { counts, random }: Pick<Drawing, 'counts' | 'random'>,
): Record<string, Literal> {
  const draw = (): Record<string, Literal> =>
    Object.fromEntries(
      Object.entries(row.choices).flatMap(([name, from]) => {
        const one = random.pick(from);
        return one === undefined ? [] : [[name, one]];
      }),
    );
  const drawn = [draw(), draw(), draw()];
  const name = (one: Record<string, Literal>) => `${op} ${Object.values(one).join(' ')}`;
  if (random.happens(0.5)) return drawn[0] ?? {};
  return drawn.toSorted((a, b) => counts.of(name(a)) - counts.of(name(b)))[0] ?? {};
}
