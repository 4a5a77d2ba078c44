import { Note, When } from '@recourse/design';
import { defaultDeadlines } from '@recourse/protocol/review';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { DateChoice } from '../parts/date-choice.tsx';
import { dayOf } from '../parts/local-time.ts';
import { useAct } from '../answers/use-act.ts';
import { useCaseName, useNow, type AppealCase } from './case-data.ts';
import { endOfDay } from './consequence.ts';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';

/** Suspends the record while the case is looked into, or says that it goes on meanwhile. */
export function ReliefForm({ of }: { readonly of: AppealCase }): ReactNode {
  const now = useNow();
  const [day, setDay] = useState(() => {
    const last = new Date(now.getTime() + (defaultDeadlines.reliefDays - 1) * 86_400_000);
    return dayOf(last);
  });
  const whom = useCaseName(of);
  const relieve = useAct('relief decided', async (recourse, until: string | null) => {
    const { recalls } = await recourse.review.relieve({ appeal: of.appeal, until });
    return { whom, until, recalls };
  });
  if (of.relievedUntil !== undefined) {
    return (
      <Note tone="good" title="The record is suspended">
        <p>
          It answers no check until <When at={of.relievedUntil} deadline />.
        </p>
      </Note>
    );
  }
  const grant = (): void => relieve.mutate(endOfDay(day).toISOString().replace('.000Z', 'Z'));
  return (
    <FormFaults error={relieve.error}>
      <div className="stack">
        <p>
          A suspended record answers no check. Platforms that were told put on hold what they did
          because of it.
        </p>
        <DateChoice
          name="until"
          label="Suspend it until the end of"
          about={`At most ${defaultDeadlines.reliefDays} days from now.`}
          value={day}
          onChange={setDay}
        />
        <FormProblem />
        <div className="row">
          <Button onPress={grant} isPending={relieve.isPending}>
            Suspend the record
          </Button>
          {of.reliefDueAt === undefined ? null : (
            <Button onPress={() => relieve.mutate(null)}>
              Refuse relief: it goes on answering
            </Button>
          )}
        </div>
      </div>
    </FormFaults>
  );
}
