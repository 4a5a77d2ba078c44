import { When } from '@recourse/design';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { useRouteId } from '../app/route-id.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { sentence, words } from '../parts/words.ts';
import { useAsked } from '../registry/calls.ts';
import { Outcome } from './outcome.tsx';

const useOwedMatches = () =>
  useAsked(['owed-matches'], ({ outcomes }) => outcomes.owed({ limit: 100 }));

/** Matches that a service or a colleague found, and whose outcome is owed. */
export function Matches(): ReactNode {
  const query = useOwedMatches();
  return (
    <Page
      title="Matches"
      about="Each match is owed an outcome within 30 days. One owed for 90 days stops your checks."
    >
      <Loaded
        query={query}
        empty={{ when: ({ owed }) => owed.length === 0, text: 'No outcome is owed.' }}
      >
        {({ owed }) => (
          <div className="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">Match</th>
                  <th scope="col">Asked at</th>
                  <th scope="col">Told</th>
                  <th scope="col">Outcome due</th>
                </tr>
              </thead>
              <tbody>
                {owed.map(({ match, purpose, toldAt, dueAt, outcome }) => (
                  <tr key={match}>
                    <td>
                      <Link href={`/trust/matches/${match}`}>
                        <code>{match}</code>
                      </Link>
                    </td>
                    <td>
                      {sentence(purpose)} {outcome === undefined ? '' : `(${words(outcome)})`}
                    </td>
                    <td>
                      <When at={toldAt} deadline />
                    </td>
                    <td>
                      <When at={dueAt} deadline />
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

/** One match, whose outcome is reported. */
export function Match(): ReactNode {
  const id = useRouteId();
  const query = useOwedMatches();
  return (
    <Page title="Match" about={<code>{id}</code>}>
      <Loaded query={query}>
        {({ owed }) => {
          const match = owed.find((one) => one.match === id);
          if (!match) return <p>Its outcome was reported, or it is none of yours.</p>;
          return (
            <>
              <p>
                You were told at {words(match.purpose)} on <When at={match.toldAt} deadline />. To
                read the statement again, <Link href="/trust/check">check the person again</Link>:
                the registry keeps no identifiers.
              </p>
              <Outcome match={match.match} toldAt={new Date(match.toldAt)} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
