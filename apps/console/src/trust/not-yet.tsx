import { Note, When } from '@recourse/design';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { useDirectory, type DirectoryParty } from '../registry/directory.ts';

type Membership = NonNullable<DirectoryParty['membership']>;

/** Where the own platform stands while it may neither check nor record; undefined where it may, or nobody knows yet. */
export function useWaitingMembership(): Membership | undefined {
  const { party } = usePerson();
  const { data: all = [] } = useDirectory();
  const membership = all.find(({ id }) => id === party)?.membership;
  const isActive = membership?.state === 'member' || membership?.state === 'probation';
  return isActive ? undefined : membership;
}

/** Tells a platform that may not record yet what it can do meanwhile, and from when on it records. */
export function NotYet(): ReactNode {
  const membership = useWaitingMembership();
  if (!membership) return null;
  const { state, activeFrom, objectionsUntil } = membership;
  if (state === 'refused' || state === 'left') return <Note tone="bad" title={ended[state]} />;
  return (
    <Note tone="wait" title="Your platform may not record or check yet">
      {activeFrom === undefined ? (
        <p>A member objected to your registration. You begin when the panel has admitted you.</p>
      ) : (
        <p>
          It begins on <When at={activeFrom} deadline />
          {objectionsUntil === undefined ? '.' : ': until then every member may object.'}
        </p>
      )}
      <p>
        Until then <Link href="/trust/people">invite your colleagues</Link>, and{' '}
        <Link href="/trust/new">write a record</Link> to see what it asks for. It stays a draft in
        this browser.
      </p>
    </Note>
  );
}

const ended = {
  refused: 'The panel refused the registration of your platform: it may not record or check.',
  left: 'Your platform left the registry: it may not record or check.',
} as const;
