import { When } from '@recourse/design';
import type { OpOutput } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { useRouteId } from '../parts/route-id.ts';
import { List } from '../parts/list.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { sentence, words } from '../parts/words.ts';
import { useAsked } from '../registry/calls.ts';
import { Comment } from '../people/comment.tsx';
import { readAll } from '../registry/lists.ts';
import { useRows } from '../registry/pages.ts';
import { numbered, personOf } from './name-of.ts';
import { Outcome } from './outcome.tsx';
import { Whom } from './whom.tsx';

const owedMatches = {
  op: 'checks.owed',
  input: {},
  rowsOf: ({ owed }: OpOutput<'checks.owed'>) => numbered(owed),
} as const;

/** Matches that a service or a colleague found, and whose outcome is owed. */
export function Matches(): ReactNode {
  const list = useRows(owedMatches);
  return (
    <Page
      title="Matches"
      about="Each match is owed an outcome within 30 days. One owed for 90 days stops your checks."
    >
      <List
        list={list}
        empty="No outcome is owed."
        idOf={({ match }) => match}
        columns={['Whom', 'Asked at', 'Told', 'Outcome due']}
      >
        {({ match, purpose, toldAt, dueAt, outcome, ref, nth }) => (
          <>
            <td>
              <Whom about={{ ref, purpose, toldAt, nth }} href={`/trust/matches/${match}`} />
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
          </>
        )}
      </List>
    </Page>
  );
}

/** One match, whose outcome is reported. */
export function Match(): ReactNode {
  const id = useRouteId();
  const query = useAsked(['owed-matches'], (recourse, signal) =>
    readAll(recourse, owedMatches, signal),
  );
  return (
    <Page title="Match">
      <Loaded query={query}>
        {({ rows }) => {
          const match = rows.find((row) => row.match === id);
          if (!match) return <p>Its outcome was reported, or it is none of yours.</p>;
          return (
            <>
              <p>
                <Whom about={match} />
              </p>
              <p>
                You were told at {words(match.purpose)} on <When at={match.toldAt} deadline />. To
                read the statement again, <Link href="/trust/check">check the person again</Link>:
                the registry keeps no identifiers.
              </p>
              <Outcome match={match.match} whom={personOf(match)} toldAt={new Date(match.toldAt)} />
              <Comment row={match.match} whom={personOf(match)} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
