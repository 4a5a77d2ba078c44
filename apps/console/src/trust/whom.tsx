import type { Id } from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { useRecourse } from '../registry/calls.ts';
import { journalOf } from './journal.ts';
import { askedText, whomOf, type Concerned } from './name-of.ts';

interface WhomProps {
  readonly about: Concerned;
  /** Where the name leads */
  readonly href?: string;
}

/**
 * Whom a row or a page is about: the own label and the reason of a record, with its identifiers; or a person who was
 * checked.
 */
export function Whom({ about, href }: WhomProps): ReactNode {
  const own = about && 'reason' in about ? about : undefined;
  const told = about && 'toldAt' in about ? about : undefined;
  const name = whomOf(about);
  return (
    <span className="whom">
      {href === undefined ? <strong>{name}</strong> : <Link href={href}>{name}</Link>}
      {own ? <Identifiers sanction={own.sanction} /> : null}
      {told?.ref === undefined ? null : <span className="soft">{askedText(told)}</span>}
    </span>
  );
}

/** Identifiers of an own record, where a journal that this browser opens has them: the registry has none. */
function Identifiers({ sanction }: { readonly sanction: Id<'snc'> }): ReactNode {
  const { data } = useIdentifiers(sanction);
  if (data === undefined) return <span className="soft">…</span>;
  return (
    <span className="soft">
      {data.length === 0 ? 'identifiers not shared with you' : <bdi>{data.join(', ')}</bdi>}
    </span>
  );
}

function useIdentifiers(sanction: Id<'snc'>) {
  const person = usePerson();
  const { journals } = useRecourse();
  return useQuery({
    // Outside of what every act has read anew: they do not change.
    queryKey: ['identifiers', person.kid, sanction],
    queryFn: async ({ signal }): Promise<readonly string[]> => {
      const kept = await journalOf(person).load(sanction);
      const entry = kept ?? (await openShared(() => journals.open(sanction, { signal })));
      return (entry?.identifiers ?? []).map(({ value }) => value);
    },
    retry: false,
    staleTime: ({ state }) => (state.data?.length ? Infinity : 60_000),
  });
}

/** A journal that is not there, was sealed before, or is damaged names nobody. */
async function openShared(open: () => ReturnType<Journals['open']>) {
  try {
    const opened = await open();
    return opened.state === 'open' ? opened : undefined;
  } catch (error) {
    if (isRecourseError(error)) return undefined;
    throw error;
  }
}

type Journals = ReturnType<typeof useRecourse>['journals'];
