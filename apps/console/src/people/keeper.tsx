import type { ReactNode } from 'react';
import { fingerprint } from '../identity/fingerprint.ts';
import { usePerson } from '../identity/session.ts';
import { memberOf, useTeam, type Team } from './team.ts';
import { keeperOf, useWork } from './work.ts';

/** Who has a row, for a list: by name, without a link, so that its keys move from action to action. */
export default function KeeperCell({ row }: { readonly row: string }): ReactNode {
  const me = usePerson().holder;
  const { data: team } = useTeam();
  const { data: work } = useWork();
  if (!work || !team) return <span className="soft">…</span>;
  const keeper = keeperOf(work, row);
  const comment = work.rows.get(row)?.comment;
  return (
    <span className="whom">
      {keeper ? (
        <bdi>{keeper.holder === me ? 'You' : calledBy(team, keeper.holder)}</bdi>
      ) : (
        <span className="soft">nobody</span>
      )}
      {keeper?.instead === undefined ? null : (
        <span className="soft">
          for <bdi>{calledBy(team, keeper.instead)}</bdi>, who is away
        </span>
      )}
      {comment === undefined ? null : (
        <span className="soft">
          “<bdi>{comment}</bdi>”
        </span>
      )}
    </span>
  );
}

/** A colleague in a line: the name, else the key. */
export function calledBy(team: Team, holder: string): string {
  const member = memberOf(team, { holder });
  const [kid] = member?.kids ?? [];
  const name = member?.name ?? `No name yet, key ${kid === undefined ? holder : fingerprint(kid)}`;
  return member?.isThere === false ? `${name}, who left` : name;
}
