import { Note } from '@recourse/design';
import type { ReactNode } from 'react';
import { usePerson } from '../identity/session.ts';
import { Loaded } from '../parts/loaded.tsx';
import { memberOf, useTeam, type Team } from './team.ts';
import { Who } from './who.tsx';

/** Everybody with a trust key of the own platform by name, for who is no administrator. */
export function Colleagues(): ReactNode {
  const query = useTeam();
  return (
    <section className="stack">
      <h2>People of the trust desk</h2>
      <p>
        An administrator of your platform names people: ask one of them for a name, or for another.
        Names are sealed to your trust keys, so that the registry reads none.
      </p>
      <Loaded query={query}>
        {(team) => (
          <>
            <ClosedNames team={team} />
            <ul>
              {team.members
                .filter(({ isThere }) => isThere)
                .map(({ holder, isAdmin }) => (
                  <li key={holder}>
                    <Who who={{ holder }} />
                    {isAdmin ? 'administrator' : null}
                  </li>
                ))}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  );
}

/** What colleagues call the acting person. */
export function OwnName(): ReactNode {
  const { kid, admin } = usePerson();
  const { data: team } = useTeam();
  const name = memberOf(team, { kid })?.name;
  if (!team || team.names === 'sealed-before' || team.names === 'invalid') return null;
  if (name === undefined) {
    return <p>You have no name yet{admin ? '' : ': an administrator gives you one'}.</p>;
  }
  return (
    <p>
      Your colleagues call you{' '}
      <strong>
        <bdi>{name}</bdi>
      </strong>
      .
    </p>
  );
}

/** Why names do not open here, and what helps. */
export function ClosedNames({ team: { names } }: { readonly team: Team }): ReactNode {
  const { admin } = usePerson();
  if (names === 'sealed-before') {
    return (
      <Note tone="wait" title="The names are not open to you yet">
        <LookingAgain />
        <p>
          They were sealed before your key was there. Ask {admin ? 'another' : 'an'} administrator
          to open “Keys and people” in their desk: a minute later you read the names, too.
        </p>
      </Note>
    );
  }
  if (names !== 'invalid') return null;
  return (
    <Note tone="bad" title="The names were not signed by an administrator">
      <p>This desk shows none of them. Tell the operators of the registry.</p>
    </Note>
  );
}

/** Whoever waits for the names sees them once they open. */
function LookingAgain(): null {
  useTeam({ everyMs: 10_000 });
  return null;
}
