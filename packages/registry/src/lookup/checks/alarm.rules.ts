import type { CheckAlarm } from '@recourse/protocol';

/** Elements after which a window is judged by the empty matches that came of them. */
export const windowElements = 10_000;

/** How much of its bucket a platform may use every day without being taken for one that enumerates. */
export const steadyShare = 0.5;
/** Full buckets that may come on top before it is. */
export const surplusBuckets = 3;
/** Empty matches that may be chance: what the surplus of a small bucket would be lost in. */
export const surplusEmpties = 40;

/** As long as a check may ask for matches: an empty match that comes late is still one of its window. */
const asksFor = 3_600_000;

/** Elements that were evaluated, and what came of them. */
export interface Window {
  readonly elements: number;
  /** Hits that identifiers nobody recorded have in the published set */
  readonly expected: number;
  /** Matches asked about identifiers in the set, of which nothing was told */
  readonly empty: number;
}

export interface Windows {
  readonly open: Window;
  /** Full, and judged an hour later, when nothing more can be asked about it */
  readonly closed: (Window & { readonly at: Date }) | null;
}

export const emptyWindow: Window = { elements: 0, expected: 0, empty: 0 };

/**
 * Looks without asking: fewer empty matches than half the false hits expected. An honest member asks about every hit,
 * and most hits are false; docs/alarms.md has the error rates.
 */
export const looksWithoutAsking = ({ expected, empty }: Window): boolean => empty < expected / 2;

/**
 * Judges what is due, and closes what is full. While a closed window waits for its hour the open one grows on.
 * @returns the windows as they go on, unchanged where nothing was due, and what was judged guilty
 */
export function turnWindows(
  windows: Windows,
  now: Date,
): { windows: Windows; looked: Window | undefined } {
  const { closed } = windows;
  const isDue = closed !== null && now.getTime() >= closed.at.getTime() + asksFor;
  const looked = isDue && looksWithoutAsking(closed) ? closed : undefined;
  const waits = isDue ? null : closed;
  const { open } = windows;
  if (waits !== null || open.elements < windowElements) {
    return { windows: isDue ? { open, closed: null } : windows, looked };
  }
  return { windows: { open: emptyWindow, closed: { ...open, at: now } }, looked };
}

interface Surplus {
  readonly surplus: number;
  readonly bucket: number;
  /** The share of unlisted identifiers that hit; 1 where there is no set, and everything is asked */
  readonly share: number;
}

/**
 * Enumerates: more empty matches than a platform has that uses half of its bucket every day, and three buckets more. The
 * surplus is in elements: an empty match stands for those it takes to have one.
 */
const isEnumeration = ({ surplus, bucket, share }: Surplus): boolean =>
  surplus > surplusBuckets * bucket + surplusEmpties / share;

/** An alarm as it is told: counts, and nothing of whom they count. */
export interface Alarm {
  readonly kind: CheckAlarm;
  readonly counts: Readonly<Record<string, number>>;
}

/** @param looked a window that was judged guilty */
export function alarmOf(looked: Window | undefined, surplus: Surplus): Alarm | undefined {
  if (looked) {
    const { elements, expected, empty } = looked;
    const counts = { elements, expected: Math.round(expected), empty };
    return { kind: 'looked-without-asking', counts };
  }
  if (!isEnumeration(surplus)) return undefined;
  return {
    kind: 'enumeration',
    counts: { bucket: surplus.bucket, surplus: Math.round(surplus.surplus) },
  };
}

/** A token as a match asks about it. */
interface AskedToken {
  readonly epoch: number;
  readonly token: string;
}

/**
 * Empty matches of one question: identifiers in the set of which nothing was told. A token named twice is one, and so is an
 * identifier asked under two epochs; a token outside of the set is one that no honest member asks about.
 * @param told places of the tokens that a record answered
 */
export function countEmpty(
  tokens: readonly AskedToken[],
  answered: ReadonlySet<number>,
  isInSet: (token: AskedToken) => boolean,
): number {
  const empty = tokens.filter((token, place) => !answered.has(place) && isInSet(token));
  const epochs = Map.groupBy(empty, ({ epoch }) => epoch).values();
  return Math.max(0, ...epochs.map((asked) => new Set(asked.map(({ token }) => token)).size));
}
