import { Note, When } from '@recourse/design';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { useRead } from '../registry/calls.ts';

/** Tells a platform that the registry has a new key, and leads to what renews its records. */
export function RenewalNote(): ReactNode {
  const { data } = useRead('sanctions.untokenised', { limit: 1 }, { everyMs: 600_000 });
  const [first] = data?.sanctions ?? [];
  if (!first) return null;
  return (
    <Note tone="wait" title="Your records need new tokens">
      <p>
        The registry has a new key, by which it recognises identifiers.{' '}
        {first.closesAt === undefined ? null : (
          <>
            A live record without new tokens ends on <When at={first.closesAt} deadline />, and
            every platform that was told undoes it.{' '}
          </>
        )}
        <Link href="/trust/renew">Renew your records</Link>
      </p>
    </Note>
  );
}
