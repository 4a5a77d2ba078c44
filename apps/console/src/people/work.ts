import { toNumericDate, type BookContent } from '@recourse/protocol';
import { isRecourseError, RecourseError, type OpenedBook, type Recourse } from '@recourse/sdk';
import type { UseQueryResult } from '@tanstack/react-query';
import { now } from '../identity/clock.ts';
import { usePerson } from '../identity/session.ts';
import { dayOf } from '../parts/local-time.ts';
import { useAsked } from '../registry/calls.ts';

export type WorkRow = BookContent<'work'>['rows'][number];
export type Absence = BookContent<'work'>['away'][number];

/** Who has which work, and who is away. */
export interface Work {
  readonly state: OpenedBook<'work'>['state'] | 'invalid';
  readonly rows: ReadonlyMap<string, WorkRow>;
  readonly away: readonly Absence[];
  /** Whoever has a trust key that was not revoked */
  readonly there: ReadonlySet<string>;
}

/** The work of the own platform as its people divided it. Every screen shares the answer. */
export function useWork({ everyMs = 60_000 } = {}): UseQueryResult<Work> {
  const { role } = usePerson();
  return useAsked(['work'], readWork, { enabled: role === 'trust', everyMs });
}

async function readWork(recourse: Recourse, signal: AbortSignal): Promise<Work> {
  const { journals, party, session } = recourse;
  const [keys, opened] = await Promise.all([
    session.parties.keys(party),
    journals.openBook('work', { signal }).catch(asInvalid),
  ]);
  const { rows, away } = opened.state === 'open' ? opened.content : { rows: [], away: [] };
  const fresh = rows.filter(isFresh(toNumericDate(now())));
  return {
    state: opened.state,
    rows: new Map(fresh.map((one) => [one.row, one])),
    away,
    there: new Set(
      keys
        .filter(({ role, revoked }) => role === 'trust' && revoked === undefined)
        .map(({ holder }) => holder),
    ),
  };
}

/** Without it a desk works: it shows what is owed. */
function asInvalid(error: unknown): { readonly state: 'invalid' } {
  if (isRecourseError(error, 'journal-invalid') || isRecourseError(error, 'chain-invalid'))
    return { state: 'invalid' };
  throw error;
}

/** Whether this browser knows who has what: that somebody has nothing is known by reading it alone. */
export const isRead = ({ state }: Work): boolean => state === 'open' || state === 'none';

/** Whom a row was given to, and who has it today. */
export interface Keeper {
  readonly given: string;
  /** The other one, else their deputy while they are away; nobody, where that person left */
  readonly holder: string | undefined;
  readonly isAway: boolean;
}

/** Undefined for a row that nobody was given. */
export function keeperOf(work: Work, row: string, today = dayOf(now())): Keeper | undefined {
  const given = work.rows.get(row)?.holder;
  if (given === undefined) return undefined;
  const absence = work.away.find(
    (one) => one.holder === given && one.from <= today && today <= one.until,
  );
  const has = absence?.deputy ?? given;
  return { given, holder: work.there.has(has) ? has : undefined, isAway: absence !== undefined };
}

export const whoseRows = ['all', 'mine', 'nobody'] as const;
export type WhoseRows = (typeof whoseRows)[number];

/** Whether a row is among those that somebody wants to see: their own are also those of whom they stand in for, and nobody’s those of who left. */
export function isAmong(
  work: Work | undefined,
  row: string,
  { whose, me }: { readonly whose: WhoseRows; readonly me: string },
): boolean {
  if (whose === 'all' || !work || !isRead(work)) return true;
  const holder = keeperOf(work, row)?.holder;
  return holder === (whose === 'mine' ? me : undefined);
}

/** Nobody needs to know for longer who had a row, or what was said about it. */
const keptSeconds = 180 * 86_400;
const isFresh =
  (at: number) =>
  (one: WorkRow): boolean =>
    one.at > at - keptSeconds;

export interface RowChange {
  readonly ids: readonly string[];
  /** What the person at the screen saw */
  readonly seen: ReadonlyMap<string, WorkRow>;
  readonly change: (before: WorkRow | undefined) => Pick<WorkRow, 'holder' | 'comment'>;
  readonly by: string;
  /** Seconds since 1970 */
  readonly at: number;
}

/** The rows with some of them changed, unless a colleague changed one of those meanwhile. Old ones go. */
export function changedRows(
  rows: readonly WorkRow[],
  { ids, seen, change, by, at }: RowChange,
): WorkRow[] {
  const fresh = rows.filter(isFresh(at));
  const changed = ids.flatMap((row) => {
    const before = fresh.find((one) => one.row === row);
    if (!isSame(before, seen.get(row))) throw changedMeanwhile();
    const next = change(before);
    return next.holder === undefined && next.comment === undefined
      ? []
      : [{ row, ...next, by, at }];
  });
  return [...fresh.filter((one) => !ids.includes(one.row)), ...changed];
}

const isSame = (a: WorkRow | undefined, b: WorkRow | undefined): boolean =>
  a?.at === b?.at && a?.holder === b?.holder && a?.comment === b?.comment;

const changedMeanwhile = (): RecourseError =>
  new RecourseError('state-conflict', { issues: [{ path: 'row', code: 'book-changed' }] });
