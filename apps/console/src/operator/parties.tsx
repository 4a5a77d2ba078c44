import type { ReactNode } from 'react';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useRead } from '../registry/calls.ts';

export function Parties(): ReactNode {
  const query = useRead('registry.stats', {});
  return (
    <Page title="Health">
      <Loaded query={query}>
        {({ counts }) => (
          <ul>
            {Object.entries(counts).map(([name, count]) => (
              <li key={name}>
                {name}: {count}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}
