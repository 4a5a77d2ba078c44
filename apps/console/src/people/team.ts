import { isRecourseError, type OpenedBook, type Recourse } from '@recourse/sdk';
import type { UseQueryResult } from '@tanstack/react-query';
import { usePerson } from '../identity/session.ts';
import { useAsked } from '../registry/calls.ts';

/** Somebody with a trust key of the own platform. */
export interface Member {
  readonly holder: string;
  /** As the administrators call them */
  readonly name: string | undefined;
  /** The newest first */
  readonly kids: readonly string[];
  /** Has a key that was not revoked */
  readonly isThere: boolean;
  /** Has such a key that adds and revokes keys, and writes names */
  readonly isAdmin: boolean;
}

export interface Team {
  readonly members: readonly Member[];
  /** `invalid`: nobody who may sign it did */
  readonly names: OpenedBook<'names'>['state'] | 'invalid';
}

/** The people of the own platform with their names. Every screen shares the answer. */
export function useTeam({ everyMs }: { readonly everyMs?: number } = {}): UseQueryResult<Team> {
  const { role } = usePerson();
  const often = everyMs === undefined ? {} : { everyMs };
  return useAsked(['team'], readTeam, { enabled: role === 'trust', ...often });
}

/**
 * Seals names and work to whoever joined meanwhile, for as long as an administrator looks at the people: whoever was
 * just added waits for it.
 */
export function useSealingToNewcomers(): void {
  const { role, admin } = usePerson();
  useAsked(
    ['sealing-to-newcomers'],
    async ({ journals }, signal) => {
      // A new key is known at once, and not when those that were read have grown old.
      await journals.join({ signal });
      const books = ['names', 'work'] as const;
      await Promise.allSettled(books.map((book) => journals.openBook(book, { signal })));
      return true;
    },
    { enabled: role === 'trust' && admin, everyMs: 15_000 },
  );
}

async function readTeam(
  { journals, party, session }: Recourse,
  signal: AbortSignal,
): Promise<Team> {
  const [keys, opened] = await Promise.all([
    session.parties.keys(party, { anew: true }),
    journals.openBook('names', { signal }).catch(asInvalid),
  ]);
  const people = opened.state === 'open' ? opened.content.people : [];
  const names = new Map(people.map(({ holder, name }) => [holder, name]));
  const byHolder = Map.groupBy(
    keys.filter(({ role }) => role === 'trust'),
    ({ holder }) => holder,
  );
  const members = [...byHolder].map(([holder, theirs]): Member => {
    const active = theirs.filter(({ revoked }) => revoked === undefined);
    return {
      holder,
      name: names.get(holder),
      kids: theirs.map(({ kid }) => kid).toReversed(),
      isThere: active.length > 0,
      isAdmin: active.some(({ admin }) => admin),
    };
  });
  return { members, names: opened.state };
}

/** Without its names a desk works: it shows keys. */
function asInvalid(error: unknown): { readonly state: 'invalid' } {
  if (isRecourseError(error, 'journal-invalid') || isRecourseError(error, 'chain-invalid'))
    return { state: 'invalid' };
  throw error;
}

export type Somebody = { readonly holder: string } | { readonly kid: string };

/** Whoever has this holder id, or this key. */
export const memberOf = (team: Team | undefined, who: Somebody): Member | undefined =>
  team?.members.find((member) =>
    'kid' in who ? member.kids.includes(who.kid) : member.holder === who.holder,
  );
