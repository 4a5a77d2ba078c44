import type { ReactNode } from 'react';
import { fingerprint } from '../identity/fingerprint.ts';
import { usePerson } from '../identity/session.ts';
import { memberOf, useTeam, type Team } from './team.ts';
import { isRead, keeperOf, useWork, type Keeper } from './work.ts';

/** Who has a row, and what colleagues say about it, without a link: the keys of a list move from action to action. */
export default function KeeperLine({ row }: { readonly row: string }): ReactNode {
  const { data: team } = useTeam();
  const { data: work } = useWork();
  if (!work || !team) return <div className="soft keeper">…</div>;
  if (!isRead(work)) return <div className="soft keeper">Who has it is not open to you yet</div>;
  const comment = work.rows.get(row)?.comment;
  return (
    <div className="keeper">
      <Keeping team={team} keeper={keeperOf(work, row)} />
      {comment === undefined ? null : (
        <div className="soft">
          “<bdi>{comment}</bdi>”
        </div>
      )}
    </div>
  );
}

interface KeepingProps {
  readonly team: Team;
  readonly keeper: Keeper | undefined;
}

function Keeping({ team, keeper }: KeepingProps): ReactNode {
  const me = usePerson().holder;
  if (!keeper) return <span className="soft">Nobody has it</span>;
  const { given, holder, isAway } = keeper;
  if (holder === undefined) return <Left whom={calledBy(team, given)} isAway={isAway} />;
  return (
    <>
      {holder === me ? 'You have it' : <Has team={team} holder={holder} />}
      {isAway ? (
        <>
          {' '}
          for <bdi>{calledBy(team, given)}</bdi>, who is away
        </>
      ) : null}
    </>
  );
}

/** Why nobody has a row that somebody was given. */
const Left = ({ whom, isAway }: { readonly whom: string; readonly isAway: boolean }): ReactNode =>
  isAway ? (
    <>
      Nobody has it: <bdi>{whom}</bdi> is away, and their deputy left
    </>
  ) : (
    <>
      Nobody has it: it was with <bdi>{whom}</bdi>
    </>
  );

const Has = ({ team, holder }: { readonly team: Team; readonly holder: string }): ReactNode => (
  <>
    <bdi>{calledBy(team, holder)}</bdi> has it
  </>
);

/** A colleague in a line: the name, else the key. */
export function calledBy(team: Team, holder: string): string {
  const member = memberOf(team, { holder });
  const [kid] = member?.kids ?? [];
  const name =
    member?.name ??
    `A colleague without a name, key ${kid === undefined ? holder : fingerprint(kid)}`;
  return member?.isThere === false ? `${name}, who left` : name;
}
