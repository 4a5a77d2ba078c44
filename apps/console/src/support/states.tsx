import { Status, When } from '@recourse/design';
import type { ReactNode } from 'react';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useRead } from '../registry/calls.ts';

/** States of the own records and nothing else: enough to answer a person who asks. */
export function States(): ReactNode {
  const query = useRead('sanctions.list', { limit: 100 });
  return (
    <Page title="States of records">
      <Loaded
        query={query}
        empty={{
          when: (list) => list.sanctions.length === 0,
          text: 'Your platform has no records.',
        }}
      >
        {({ sanctions }) => (
          <table>
            <thead>
              <tr>
                <th scope="col">Record</th>
                <th scope="col">State</th>
                <th scope="col">Ends</th>
              </tr>
            </thead>
            <tbody>
              {sanctions.map(({ sanction, state, disputed, expiresAt }) => (
                <tr key={sanction}>
                  <td>
                    <code>{sanction}</code>
                  </td>
                  <td>
                    <Status tone="quiet">{state}</Status> {disputed ? 'disputed' : ''}
                  </td>
                  <td>
                    <When at={expiresAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Page>
  );
}
