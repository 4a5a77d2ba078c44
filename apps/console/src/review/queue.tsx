import type { ReactNode } from 'react';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useRead } from '../registry/calls.ts';

export function Queue(): ReactNode {
  const query = useRead('review.queue', {});
  return (
    <Page title="Queue">
      <Loaded query={query}>
        {({ claims, waiting }) => (
          <p>
            {claims.length} assigned to you, {waiting.eligible} that you could take.
          </p>
        )}
      </Loaded>
    </Page>
  );
}
