import { Note, Status } from '@recourse/design';
import { deliveredClasses, type EvidenceState, type ReviewId } from '@recourse/protocol';
import type { OpenedEvidence } from '@recourse/sdk';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Radios } from '../parts/choice.tsx';
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
  if (state.rejected) return <Status tone="bad">{`Destroyed: ${words(state.rejected)}`}</Status>;
  if (!opened) return <Status tone="wait">Not delivered yet</Status>;
  if (state.disputed) return <Status tone="wait">Another reviewer looks again</Status>;
  if (opened.fits) return <Status tone="good">✓ Digest fits</Status>;
  return <span className="bad">{unfit[opened.code]}</span>;
}

const unfits = ['illegal-media', 'third-party-data', 'dispute'] as const;
type Unfit = (typeof unfits)[number];
const unfitTexts: Readonly<Record<Unfit, string>> = {
  'illegal-media': 'It shows what nobody may hold: it is destroyed at once.',
  'third-party-data': 'It holds data of somebody else: it is destroyed at once.',
  dispute: 'It is not what was signed: another reviewer compares it.',
};

/** Asks what is wrong, and says what follows, before an item is destroyed or disputed. */
function Faults({ of, id, item, opened }: Omit<ItemProps, 'state'> & { readonly item: number }) {
  const [isAsking, setAsking] = useState(false);
  const whom = `item ${item + 1} in ${useCaseName(of)}`;
  const [chosen, setChosen] = useState<Unfit>();
  const reject = useAct('evidence destroyed', async (recourse, why: Exclude<Unfit, 'dispute'>) => {
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
      <Radios
        label="What is wrong"
        options={opened?.code === 'evidence-mismatch' ? unfits : unfits.slice(0, 2)}
        value={chosen}
        onChange={setChosen}
        text={(unfit) => unfitTexts[unfit]}
        about="For what is destroyed the platform has three days to deliver another item."
      />
      <div className="row">
        <Button
          className="react-aria-Button danger"
          isDisabled={chosen === undefined}
          isPending={reject.isPending || dispute.isPending}
          onPress={() => {
            if (chosen === 'dispute') dispute.mutate(undefined, isOver);
            else if (chosen) reject.mutate(chosen, isOver);
          }}
        >
          {chosen === 'dispute' ? 'Dispute' : 'Destroy'} item {item + 1}
        </Button>
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
