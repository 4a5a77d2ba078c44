import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { Choice } from '../parts/choice.tsx';
import { Problem } from '../parts/problem.tsx';
import { counted } from '../parts/words.ts';
import { calledBy } from './keeper.tsx';
import { useTeam } from './team.ts';
import { useGive } from './work-acts.ts';

interface GivingProps {
  readonly ids: readonly string[];
  readonly onDone: () => void;
}

/** Takes the rows that are chosen, or gives them to a colleague. */
export default function Giving({ ids, onDone }: GivingProps): ReactNode {
  const me = usePerson().holder;
  const [isOpen, setOpen] = useState(false);
  const act = useGive(onDone);
  const give = (holder: string | undefined): void => act.mutate({ ids, holder });
  return (
    <>
      <div className="row">
        <Button isPending={act.isPending} onPress={() => give(me)}>
          Take ({ids.length})
        </Button>
        <Button isPending={act.isPending} onPress={() => give(undefined)}>
          Give back ({ids.length})
        </Button>
        {isOpen ? null : (
          <Button onPress={() => setOpen(true)}>Give to a colleague ({ids.length})</Button>
        )}
      </div>
      {isOpen ? <Colleague count={ids.length} isPending={act.isPending} onGive={give} /> : null}
      <Problem error={act.error} />
    </>
  );
}

interface ColleagueProps {
  readonly count: number;
  readonly isPending: boolean;
  readonly onGive: (holder: string) => void;
}

/** Everybody who has a key, but not oneself: whoever takes a row has a button for it. */
function Colleague({ count, isPending, onGive }: ColleagueProps): ReactNode {
  const me = usePerson().holder;
  const { data: team } = useTeam();
  const [to, setTo] = useState<string>();
  const others = (team?.members ?? []).filter(({ holder, isThere }) => isThere && holder !== me);
  if (!team) return null;
  if (others.length === 0) return <p>Nobody else of your platform has a trust key.</p>;
  return (
    <>
      <Choice
        label="Colleague"
        options={others.map(({ holder }) => holder)}
        value={to}
        onChange={setTo}
        text={(holder) => calledBy(team, holder)}
      />
      <div>
        <Button
          isDisabled={to === undefined}
          isPending={isPending}
          onPress={() => to !== undefined && onGive(to)}
        >
          Give {counted(count, 'row', 'rows')}
          {to === undefined ? '' : ` to ${calledBy(team, to)}`}
        </Button>
      </div>
    </>
  );
}
