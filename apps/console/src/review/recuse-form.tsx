import { recusalDays } from '@recourse/protocol/review';
import type { OpInput, ReviewId } from '@recourse/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Radios } from '../parts/choice.tsx';
import { useAct } from '../answers/use-act.ts';
import { Problem } from '../parts/problem.tsx';
import { useCaseName, type ReviewCase } from './case-data.ts';
import { recusalTexts } from './words.ts';

type Why = OpInput<'review.recuse'>['why'];
const whys = Object.keys(recusalTexts) as Why[];

interface RecuseFormProps {
  readonly of: ReviewCase;
  readonly id: ReviewId;
  /** The draft of the case goes with it */
  readonly onRecused: () => Promise<void>;
}

/** Gives the case back for somebody else. */
export function RecuseForm({ of, id, onRecused }: RecuseFormProps): ReactNode {
  const navigate = useNavigate();
  const [why, setWhy] = useState<Why>();
  const whom = useCaseName(of);
  const recuse = useAct('case given back', async (recourse, reason: Why) => {
    await recourse.review.recuse({ appeal: id, why: reason });
    await navigate({ to: '/review/queue' });
    await onRecused();
    return { whom };
  });
  return (
    <div className="stack">
      <Radios
        label="Why you give the case back"
        options={whys}
        value={why}
        onChange={setWhy}
        text={(one) => recusalTexts[one]}
      />
      <p className="soft">
        It goes to somebody else, and does not come back to you. You may give back five in{' '}
        {recusalDays} days.
      </p>
      <Problem error={recuse.error} />
      <div>
        <Button
          className="react-aria-Button danger"
          isDisabled={why === undefined}
          isPending={recuse.isPending}
          onPress={() => why && recuse.mutate(why)}
        >
          Give the case back
        </Button>
      </div>
    </div>
  );
}
