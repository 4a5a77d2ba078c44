import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { fingerprint } from '../identity/fingerprint.ts';
import { usePerson } from '../identity/session.ts';
import { memberOf, useTeam, type Member, type Somebody, type Team } from './team.ts';

interface WhoProps {
  readonly who: Somebody;
  /** The key stands beside it already */
  readonly isKeyThere?: boolean;
}

/** A person of the own platform: by name, with their key beside it. */
export function Who({ who, isKeyThere = false }: WhoProps): ReactNode {
  const { data, isPending } = useTeam();
  const member = memberOf(data, who);
  const kid = 'kid' in who ? who.kid : member?.kids[0];
  const holder = 'holder' in who ? who.holder : member?.holder;
  return (
    <span className="whom">
      {isPending ? '…' : <Name team={data} member={member} holder={holder} />}
      {isKeyThere ? null : (
        <span className="soft">
          {kid === undefined ? (
            'has no trust key of your platform'
          ) : (
            <>
              key <code>{fingerprint(kid)}</code>
            </>
          )}
        </span>
      )}
    </span>
  );
}

interface NameProps {
  readonly team: Team | undefined;
  readonly member: Member | undefined;
  readonly holder: string | undefined;
}

/** Who has no name is told so, and an administrator is led to where one is given. */
function Name({ team, member, holder }: NameProps): ReactNode {
  const person = usePerson();
  if (member?.name !== undefined) {
    return (
      <strong>
        <bdi>{member.name}</bdi>
      </strong>
    );
  }
  const text = team?.names === 'sealed-before' ? 'Name not open to you yet' : 'No name yet';
  return person.admin && holder !== undefined ? (
    <>
      {text} <Link href={`/trust/people/${holder}`}>Name this person</Link>
    </>
  ) : (
    text
  );
}
