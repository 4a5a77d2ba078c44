interface Bound {
  readonly floor: number;
  readonly default: number;
  readonly ceiling: number;
}

const bound = (floor: number, standard: number, ceiling: number): Bound => ({
  floor,
  default: standard,
  ceiling,
});

/** The deadlines an operator may configure, each within its floor and ceiling; the unit ends the name. */
export const bounds = {
  holdHours: bound(72, 72, 336),
  undeliveredDays: bound(14, 14, 60),
  noticeDueDays: bound(2, 7, 7),
  claimDueDays: bound(2, 5, 7),
  evidenceDueDays: bound(5, 7, 14),
  decisionDueDays: bound(14, 30, 30),
  undecidedDays: bound(90, 180, 180),
  reliefDays: bound(3, 14, 14),
  recallHours: bound(24, 72, 72),
  outcomeDays: bound(7, 30, 30),
  appealWindowDays: bound(180, 180, 730),
  eraseAfterEndDays: bound(180, 180, 365),
  objectionDays: bound(14, 14, 60),
  probationDays: bound(90, 90, 365),
} as const satisfies Record<string, Bound>;

export type BoundName = keyof typeof bounds;
/** A value for each deadline, in the unit that ends its name. */
export type Deadlines = Readonly<Record<BoundName, number>>;

/** The deadlines of a registry whose operator sets none. */
export const defaultDeadlines: Deadlines = forEachBound((name) => bounds[name].default);

/** One value for each bound. */
export function forEachBound(value: (name: BoundName) => number): Deadlines {
  const names = Object.keys(bounds) as BoundName[];
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Deadlines;
}

const hourMs = 3_600_000;

/** The instant so many hours later. */
export const addHours = (from: Date, hours: number): Date =>
  new Date(from.getTime() + hours * hourMs);

/** The instant so many days of 24 hours later. */
export const addDays = (from: Date, days: number): Date => addHours(from, 24 * days);

/** A deadline on a day nobody works (Saturday and Sunday, UTC) ends at noon of the next working day. */
export function dueAt(from: Date, hours: number): Date {
  const due = addHours(from, hours);
  const weekday = due.getUTCDay();
  if (weekday !== 0 && weekday !== 6) return due;
  const monday = new Date(due);
  monday.setUTCDate(due.getUTCDate() + (weekday === 6 ? 2 : 1));
  monday.setUTCHours(12, 0, 0, 0);
  return monday;
}
