import { Status, When } from '@recourse/design';
import { reviewIdOf } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { sentence, words } from '../parts/words.ts';
import { useRead } from '../registry/calls.ts';

/** Appeals against the own records, and inspections of them. */
export function Appeals(): ReactNode {
  const query = useRead('appeals.list', { limit: 100 });
  return (
    <Page
      title="Appeals"
      about="Deliver evidence within seven days of the assignment, or the record is suspended, and reversed seven days later."
    >
      <Loaded
        query={query}
        empty={{
          when: (list) => list.appeals.length + list.inspections.length === 0,
          text: 'Nobody has appealed, and nothing is inspected.',
        }}
      >
        {({ appeals, inspections }) => (
          <div className="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">State</th>
                  <th scope="col">Opened</th>
                  <th scope="col">Evidence due</th>
                </tr>
              </thead>
              <tbody>
                {[...inspections, ...appeals].map((one) => (
                  <tr key={reviewIdOf(one)}>
                    <td>
                      <Link href={`/trust/appeals/${reviewIdOf(one)}`}>
                        {'appeal' in one
                          ? `Appeal: ${words(one.ground)}`
                          : `Inspection: ${words(one.why)}`}
                      </Link>
                    </td>
                    <td>
                      <Status tone={one.state === 'open' ? 'wait' : 'quiet'}>
                        {sentence(one.state)}
                      </Status>{' '}
                      {one.outcome === undefined ? '' : words(one.outcome)}
                      {'respondedAt' in one && one.state === 'open' ? 'you stand by it' : ''}
                    </td>
                    <td>
                      <When at={one.openedAt} />
                    </td>
                    <td>
                      {one.evidenceDueAt === undefined ? (
                        ''
                      ) : (
                        <When at={one.evidenceDueAt} deadline />
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Page>
  );
}
