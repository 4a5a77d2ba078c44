import { dayText } from '@recourse/design/instants';
import type { FormEvent, ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { now } from '../identity/clock.ts';
import { useDraft } from '../identity/draft.ts';
import { KeptMark } from '../identity/kept-mark.tsx';
import { usePerson } from '../identity/session.ts';
import { Choice } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { dayOf, instantOf } from '../parts/local-time.ts';
import { calledBy } from './keeper.tsx';
import { useTeam, type Team } from './team.ts';
import { useAbsence } from './work-acts.ts';
import { ClosedWork } from './closed-work.tsx';
import { isRead, useWork, type Absence } from './work.ts';

/** Who is away and who has their rows, and the own absence. */
export function Away(): ReactNode {
  const me = usePerson().holder;
  const { data: team } = useTeam();
  const { data: work } = useWork();
  if (!team || !work) return null;
  if (!isRead(work)) return <ClosedWork work={work} />;
  const today = dayOf(now());
  const away = work.away.filter(({ until }) => until >= today);
  return (
    <section className="panel stack">
      <h2>Away</h2>
      {away.length === 0 ? <p>Nobody said that they are away.</p> : null}
      <ul>
        {away.map((absence) => (
          <li key={absence.holder}>
            <bdi>{absence.holder === me ? 'You' : calledBy(team, absence.holder)}</bdi>, from{' '}
            {daysText(absence)}: rows are with{' '}
            <bdi>{absence.deputy === me ? 'you' : calledBy(team, absence.deputy)}</bdi>
          </li>
        ))}
      </ul>
      <OwnAbsenceForm team={team} isAway={away.some(({ holder }) => holder === me)} />
    </section>
  );
}

const daysText = ({ from, until }: Pick<Absence, 'from' | 'until'>): string =>
  `${dayText(instantOf(from))} to ${dayText(instantOf(until))}`;

interface OwnProps {
  readonly team: Team;
  readonly isAway: boolean;
}

function OwnAbsenceForm({ team, isAway }: OwnProps): ReactNode {
  const me = usePerson().holder;
  const draft = useDraft('absence', { from: '', until: '', deputy: '' });
  const act = useAbsence(async () => {
    await draft?.change({ from: '', until: '', deputy: '' });
    await draft?.drop();
  });
  if (!draft) return null;
  const { from, until, deputy } = draft.value;
  const others = team.members.filter(({ holder, isThere }) => isThere && holder !== me);
  if (others.length === 0) return null;
  const own = faultsOfDays(draft.value);
  const isWhole = from !== '' && until !== '' && deputy !== '' && own['until'] === undefined;
  const keep = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (isWhole) act.mutate({ from, until, deputy });
  };
  return (
    <FormFaults error={act.error} own={own}>
      <Form onSubmit={keep} className="stack">
        <DateChoice
          name="from"
          label="First day that you are away"
          value={from}
          onChange={(day) => void draft.change({ from: day })}
        />
        <DateChoice
          name="until"
          label="Last day"
          value={until}
          onChange={(day) => void draft.change({ until: day })}
        />
        <Choice
          name="deputy"
          label="Who has your rows meanwhile"
          options={others.map(({ holder }) => holder)}
          value={deputy === '' ? undefined : deputy}
          onChange={(holder) => void draft.change({ deputy: holder })}
          text={(holder) => calledBy(team, holder)}
        />
        <FormProblem />
        <div className="row">
          <Button type="submit" isDisabled={!isWhole} isPending={act.isPending}>
            Say that I am away
          </Button>
          {isAway ? (
            <Button isPending={act.isPending} onPress={() => act.mutate(undefined)}>
              I am back: end my absence
            </Button>
          ) : null}
          {from + until + deputy === '' ? null : <KeptMark kept={draft.kept} />}
        </div>
      </Form>
    </FormFaults>
  );
}

/** What is wrong with the days, once both are there. */
function faultsOfDays(days: {
  readonly from: string;
  readonly until: string;
}): Readonly<Record<string, string>> {
  const { from, until } = days;
  if (from === '' || until === '') return {};
  if (until < from) return { until: 'Choose a day that is not before the first one.' };
  return until < dayOf(now()) ? { until: 'Choose a day that lies ahead.' } : {};
}
