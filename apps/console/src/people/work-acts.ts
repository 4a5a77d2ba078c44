import { toNumericDate } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { useAct } from '../answers/use-act.ts';
import { now } from '../identity/clock.ts';
import { usePerson } from '../identity/session.ts';
import { dayOf } from '../parts/local-time.ts';
import { memberOf, useTeam } from './team.ts';
import { changedRows, useWork, type Absence, type RowChange } from './work.ts';

type Change = Pick<RowChange, 'ids' | 'change'>;

/** Changes rows. What a colleague changed meanwhile is read and shown before it is changed again. */
function useRowChange(): (recourse: Recourse, change: Change) => Promise<void> {
  const by = usePerson().holder;
  const { data: work, refetch } = useWork();
  return async ({ journals }, change) => {
    const seen = work?.rows ?? new Map();
    const at = toNumericDate(now());
    try {
      await journals.changeBook('work', ({ rows, away }) => ({
        rows: changedRows(rows, { ...change, seen, by, at }),
        away,
      }));
    } catch (error) {
      await refetch();
      throw error;
    }
  };
}

/** A colleague in a sentence. */
function useCalled(): (holder: string) => string {
  const { data: team } = useTeam();
  return (holder) => memberOf(team, { holder })?.name ?? 'a colleague without a name';
}

export interface Given {
  readonly ids: readonly string[];
  /** Nobody, where undefined */
  readonly holder: string | undefined;
}

/**
 * Gives rows to somebody, or takes them.
 * @param done is called before lists are read anew: a row that leaves one takes its buttons along
 */
export function useGive(done: () => void) {
  const me = usePerson().holder;
  const changeRows = useRowChange();
  const called = useCalled();
  return useAct('rows given', async (recourse, { ids, holder }: Given) => {
    await changeRows(recourse, {
      ids,
      change: (before) => ({
        ...(before?.comment === undefined ? {} : { comment: before.comment }),
        ...(holder === undefined ? {} : { holder }),
      }),
    });
    done();
    const to = holder === undefined ? undefined : called(holder);
    return { rows: ids.length, to: holder === me ? 'me' : to };
  });
}

export interface Commented {
  /** None takes away what is there */
  readonly comment: string | undefined;
  /** Is called before what stands there is read anew */
  readonly done: () => Promise<void>;
}

/** Writes a comment, or takes it away. Whoever has the row keeps it. */
export function useCommenting(row: string, whom: string) {
  const changeRows = useRowChange();
  return useAct('comment kept', async (recourse, { comment, done }: Commented) => {
    await changeRows(recourse, {
      ids: [row],
      change: (before) => ({
        ...(before?.holder === undefined ? {} : { holder: before.holder }),
        ...(comment === undefined ? {} : { comment }),
      }),
    });
    await done();
    return { whom, isThere: comment !== undefined };
  });
}

/** Who is away, and until when; no days where they are back. */
export interface AbsenceChange {
  readonly holder: string;
  readonly days?: Pick<Absence, 'from' | 'until' | 'deputy'>;
}

/** Says when somebody is away and who has their rows, or that they are back: an ill colleague cannot say so. */
export function useAbsence(done: () => Promise<void>) {
  const me = usePerson().holder;
  const called = useCalled();
  return useAct('absence kept', async ({ journals }, { holder, days }: AbsenceChange) => {
    const today = dayOf(now());
    await journals.changeBook('work', ({ rows, away }) => {
      const others = away.filter((one) => one.holder !== holder && one.until >= today);
      return { rows, away: days ? [...others, { holder, ...days }] : others };
    });
    await done();
    return {
      whose: holder === me ? undefined : called(holder),
      days: days && { ...days, deputy: days.deputy === me ? 'you' : called(days.deputy) },
    };
  });
}
