import { Status, When } from '@recourse/design';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { sentence } from '../parts/words.ts';
import { useRead } from '../registry/calls.ts';

/** Every recall: own references first, since they name the person. */
export function Recalls(): ReactNode {
  const query = useRead('recalls.list', { all: true, limit: 100 });
  return (
    <Page
      title="Recalls"
      about="A record that you were told of ended, paused or changed. Undo what you did because of it, within 72 hours."
    >
      <Loaded
        query={query}
        empty={{ when: (list) => list.recalls.length === 0, text: 'You have no recalls.' }}
      >
        {({ recalls }) => (
          <div className="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">Your reference</th>
                  <th scope="col">What to do</th>
                  <th scope="col">Due</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {recalls.map(({ recall, kind, told, dueAt, acknowledged, supersededBy }) => (
                  <tr key={recall}>
                    <td>
                      <Link href={`/trust/recalls/${recall}`}>
                        {told.map(({ ref }) => ref).find(Boolean) ?? <code>{recall}</code>}
                      </Link>
                    </td>
                    <td>{sentence(kind)}</td>
                    <td>
                      <When at={dueAt} deadline />
                    </td>
                    <td>
                      {acknowledged ? (
                        <Status tone="good">
                          {sentence(acknowledged.action ?? 'acknowledged')}
                        </Status>
                      ) : (
                        <Status tone={supersededBy ? 'quiet' : 'wait'}>
                          {supersededBy ? 'Replaced' : 'Open'}
                        </Status>
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
