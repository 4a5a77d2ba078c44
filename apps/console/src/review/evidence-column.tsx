import { Note, Status } from '@recourse/design';
import {
  deliveredClasses,
  type EvidenceState,
  type OpInput,
  type ReviewId,
} from '@recourse/protocol';
import type { OpenedEvidence } from '@recourse/sdk';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { InertFile } from '../parts/inert-file.tsx';
import { languageName } from '../parts/language-name.ts';
import { Loaded } from '../parts/loaded.tsx';
import { counted, words } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { useRequest } from '../registry/calls.ts';
import { useCaseName, useOpenedEvidence, type ReviewCase } from './case-data.ts';
import { Problem } from '../parts/problem.tsx';

interface ColumnProps {
  readonly of: ReviewCase;
  readonly id: ReviewId;
}

/** The evidence, opened in this browser with the reviewer's sealing key. */
export function EvidenceColumn({ of, id }: ColumnProps): ReactNode {
  const query = useOpenedEvidence(id, of.evidence);
  // The case is read anew, too: it says what was delivered meanwhile.
  const again = useRequest(() => query.refetch());
  return (
    <section aria-labelledby="evidence-title">
      <h2 id="evidence-title">The evidence</h2>
      <p className="soft">
        The platform works in {languageName(of.evidenceLanguage)}: expect that language.
      </p>
      <Loaded query={query}>
        {(opened) => (
          <>
            <p className="good">The signature of the record is verified.</p>
            {of.evidence.map((state) => (
              <Item
                key={state.item}
                of={of}
                id={id}
                state={state}
                opened={opened.find(({ item }) => item === state.item)}
              />
            ))}
            <Confirm of={of} id={id} opened={opened} />
            <Button
              onPress={() => again.mutate(undefined)}
              isPending={query.isFetching || again.isPending}
            >
              Open the evidence again
            </Button>
          </>
        )}
      </Loaded>
    </section>
  );
}

interface ItemProps extends ColumnProps {
  readonly state: EvidenceState;
  readonly opened: OpenedEvidence | undefined;
}

function Item({ of, id, state, opened }: ItemProps): ReactNode {
  const name = `item ${state.item + 1}`;
  return (
    <div>
      <h3>
        Item {state.item + 1}: {words(state.class)}
      </h3>
      <p className="soft small">{deliveredClasses[state.class].what}</p>
      <p>
        <Mark state={state} opened={opened} />
      </p>
      {opened?.fits ? <InertFile bytes={opened.bytes} name={name} /> : null}
      {opened ? <Faults of={of} id={id} item={state.item} opened={opened} /> : null}
    </div>
  );
}

const unfit = {
  'not-sealed-to-own-key': 'It was not sealed to your key.',
  undecipherable: 'It does not open with your key.',
  'evidence-mismatch': 'The digest is not the one that the platform signed.',
} as const;

/** Whether the bytes are those that the platform signed for. */
function Mark({ state, opened }: Pick<ItemProps, 'state' | 'opened'>): ReactNode {
  if (state.rejected) return <Status tone="bad">{`Destroyed: ${state.rejected}`}</Status>;
  if (!opened) return <Status tone="wait">Not delivered yet</Status>;
  if (state.disputed) return <Status tone="wait">Another reviewer looks again</Status>;
  if (opened.fits) return <Status tone="good">✓ Digest fits</Status>;
  return <span className="bad">{unfit[opened.code]}</span>;
}

type Unfit = OpInput<'evidence.reject'>['why'];

/** Buttons to destroy what nobody may hold, and to dispute what does not fit. Each asks once more. */
function Faults({ of, id, item, opened }: Omit<ItemProps, 'state'> & { readonly item: number }) {
  const [isAsking, setAsking] = useState(false);
  const whom = `item ${item + 1} in ${useCaseName(of)}`;
  const reject = useAct('evidence destroyed', async (recourse, why: Unfit) => {
    const { evidenceDueAt } = await recourse.evidence.reject({ appeal: id, item, why });
    return { whom, evidenceDueAt };
  });
  const dispute = useAct('evidence disputed', async (recourse) => {
    await recourse.evidence.dispute({ appeal: id, item });
    return { whom };
  });
  const isOver = { onSuccess: () => setAsking(false) };
  if (!isAsking) {
    return (
      <p>
        <Button onPress={() => setAsking(true)}>Something is wrong with item {item + 1}</Button>
      </p>
    );
  }
  return (
    <Note tone="wait" title={`What is wrong with item ${item + 1}?`}>
      <Problem error={reject.error ?? dispute.error} />
      <p>
        An item that nobody may hold is destroyed at once. The platform has three days for another.
      </p>
      <div className="row">
        <Button
          className="react-aria-Button danger"
          onPress={() => reject.mutate('illegal-media', isOver)}
        >
          Destroy it: illegal media
        </Button>
        <Button
          className="react-aria-Button danger"
          onPress={() => reject.mutate('third-party-data', isOver)}
        >
          Destroy it: data of somebody else
        </Button>
        {opened?.code === 'evidence-mismatch' ? (
          <Button onPress={() => dispute.mutate(undefined, isOver)}>
            Dispute it: another reviewer compares it
          </Button>
        ) : null}
        <Button onPress={() => setAsking(false)}>Nothing is wrong</Button>
      </div>
    </Note>
  );
}

/** The reviewer's word that all of it opens and fits: nothing is upheld without. */
function Confirm({ of, id, opened }: ColumnProps & { readonly opened: readonly OpenedEvidence[] }) {
  const whom = useCaseName(of);
  const confirm = useAct('evidence confirmed', async (recourse) => {
    await recourse.evidence.confirm({ appeal: id });
    return { whom };
  });
  if (of.confirmedAt !== undefined) return <p className="good">✓ You confirmed the evidence.</p>;
  const fitting = opened.filter(({ fits }) => fits).length;
  if (fitting < of.evidence.length) {
    return (
      <p className="soft">
        {fitting} of {counted(of.evidence.length, 'item opens and fits', 'items open and fit')}. All
        have to before you confirm them.
      </p>
    );
  }
  return (
    <>
      <Problem error={confirm.error} />
      <p>
        <Button
          className="react-aria-Button main"
          onPress={() => confirm.mutate(undefined)}
          isPending={confirm.isPending}
        >
          Confirm that every item opens and fits
        </Button>
      </p>
    </>
  );
}
