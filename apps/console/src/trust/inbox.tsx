import type { ReactNode } from 'react';
import { Page } from '../parts/page.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { useRead } from '../registry/calls.ts';

export function Inbox(): ReactNode {
  const query = useRead('sanctions.list', {});
  return (
    <Page title="Inbox">
      <Loaded
        query={query}
        empty={{ when: (d) => d.sanctions.length === 0, text: 'Nothing is owed.' }}
      >
        {({ sanctions }) => <p>{sanctions.length} records</p>}
      </Loaded>
    </Page>
  );
}
