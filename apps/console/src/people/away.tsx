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
import { Problem } from '../parts/problem.tsx';
import { dayOf, instantOf } from '../parts/local-time.ts';
import { calledBy } from './keeper.tsx';
import { useTeam, type Team } from './team.ts';
import { useAbsence } from './work-acts.ts';
import { ClosedWork } from './closed-work.tsx';
import { isRead, useWork, type Absence } from './work.ts';

/** Who is away and who has their rows. Whoever fell ill is said to be away by a colleague. */
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
      {away.length === 0 ? (
        <p>Nobody said that they are away.</p>
      ) : (
        <ul>
          {away.map((absence) => (
            <li key={absence.holder}>
              <bdi>{absence.holder === me ? 'You' : calledBy(team, absence.holder)}</bdi>, from{' '}
              {daysText(absence)}: rows are with{' '}
              <bdi>{absence.deputy === me ? 'you' : calledBy(team, absence.deputy)}</bdi>{' '}
              <End holder={absence.holder} whom={calledBy(team, absence.holder)} />
            </li>
          ))}
        </ul>
      )}
      <AbsenceForm team={team} />
    </section>
  );
}

const daysText = ({ from, until }: Pick<Absence, 'from' | 'until'>): string =>
  `${dayText(instantOf(from))} to ${dayText(instantOf(until))}`;

/** Ends the absence of somebody who is back. */
function End({ holder, whom }: { readonly holder: string; readonly whom: string }): ReactNode {
  const me = usePerson().holder;
  const act = useAbsence(async () => {});
  return (
    <>
      <Button isPending={act.isPending} onPress={() => act.mutate({ holder })}>
        {holder === me ? 'I am back: end my absence' : `End the absence of ${whom}`}
      </Button>
      <Problem error={act.error} />
    </>
  );
}

const none = { whose: '', from: '', until: '', deputy: '' };

function AbsenceForm({ team }: { readonly team: Team }): ReactNode {
  const me = usePerson().holder;
  const draft = useDraft('away', none);
  const act = useAbsence(async () => {
    await draft?.change(none);
    await draft?.drop();
  });
  if (!draft) return null;
  const { from, until, deputy } = draft.value;
  const holder = draft.value.whose === '' ? me : draft.value.whose;
  const there = team.members.filter((one) => one.isThere).map((one) => one.holder);
  if (there.length < 2) return null;
  const own = faultsOf({ ...draft.value, whose: holder });
  const isWhole = from !== '' && until !== '' && deputy !== '' && Object.keys(own).length === 0;
  const keep = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (isWhole) act.mutate({ holder, days: { from, until, deputy } });
  };
  return (
    <FormFaults error={act.error} own={own}>
      <Form onSubmit={keep} className="stack">
        <Choice
          name="whose"
          label="Who is away"
          options={there}
          value={holder}
          onChange={(whose) => void draft.change({ whose })}
          text={(one) => (one === me ? 'You' : calledBy(team, one))}
        />
        <DateChoice
          name="from"
          label="First day"
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
          label="Who has the rows meanwhile"
          options={there}
          value={deputy === '' ? undefined : deputy}
          onChange={(one) => void draft.change({ deputy: one })}
          text={(one) => (one === me ? 'You' : calledBy(team, one))}
        />
        <FormProblem />
        <div className="row">
          <Button type="submit" isDisabled={!isWhole} isPending={act.isPending}>
            {holder === me ? 'Say that I am away' : `Say that ${calledBy(team, holder)} is away`}
          </Button>
          {from + until + deputy === '' ? null : <KeptMark kept={draft.kept} />}
        </div>
      </Form>
    </FormFaults>
  );
}

/** What is wrong, once both sides of it are there. */
function faultsOf({ whose, from, until, deputy }: typeof none): Readonly<Record<string, string>> {
  const same = deputy === whose ? { deputy: 'Choose somebody who is there.' } : {};
  if (from === '' || until === '') return same;
  if (until < from) return { ...same, until: 'Choose a day that is not before the first one.' };
  if (until < dayOf(now())) return { ...same, until: 'Choose a day that lies ahead.' };
  return same;
}
