import { Status, When } from '@recourse/design';
import type { OpInput, OpOutput } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useAct } from '../answers/use-act.ts';
import { List } from '../parts/list.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useRows } from '../registry/pages.ts';
import { NeedsAdmin, useMayCarry } from './act-form.tsx';
import { isOperatorOp, titleOf, type OperatorOp } from './acts.ts';
import { changesOf } from './change-words.ts';

type Proposal = OpOutput<'proposals.list'>['proposals'][number];

const freshMs = 15_000;

/** Acts that wait for a second operator, each with what it would change. */
export function Proposals(): ReactNode {
  const list = useRows(
    { op: 'proposals.list', input: {}, rowsOf: ({ proposals }) => proposals },
    { everyMs: freshMs },
  );
  return (
    <Page
      title="Proposals"
      about="Acts of two operators. Compare every line with what you know from elsewhere: your signature carries it out. What you let lie lapses."
    >
      <List
        list={list}
        empty="Nothing waits for a second operator."
        idOf={({ proposal }) => proposal}
      >
        {(proposal) =>
          isOperatorOp(proposal.op) ? (
            <Waiting proposal={proposal} op={proposal.op} />
          ) : (
            <p>An act that operators sign at the command line waits.</p>
          )
        }
      </List>
    </Page>
  );
}

/** What is signed is what is shown: the registry executes nothing else by it. */
function Waiting({ proposal, op }: { readonly proposal: Proposal; readonly op: OperatorOp }) {
  const { input, today, proposedBy, proposedAt, executeBefore, own } = proposal;
  const { name } = today;
  const mayCarryIt = useMayCarry(op);
  const whom = typeof name === 'string' ? `“${titleOf(op)}” for ${name}` : `“${titleOf(op)}”`;
  const act = useAct('act countersigned', async (recourse) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the registry checks every member
    const { result } = await recourse.call(op, input as OpInput<OperatorOp>);
    return { whom, isDone: 'state' in result && result.state === 'executed' };
  });
  return (
    <section className="panel stack">
      <h2>
        <bdi>
          {titleOf(op)}
          {typeof name === 'string' ? `: ${name}` : null}
        </bdi>
      </h2>
      <p className="soft">
        {own ? (
          'Proposed by you'
        ) : (
          <>
            Proposed by <code>{proposedBy}</code>
          </>
        )}{' '}
        on <When at={proposedAt} />. It lapses <When at={executeBefore} deadline />.
      </p>
      <Changes op={op} input={input} today={today} />
      <Problem error={act.error} />
      {own ? <Status tone="wait">Another operator has to sign it</Status> : null}
      {own || mayCarryIt ? null : <NeedsAdmin />}
      {own || !mayCarryIt ? null : (
        <div>
          <Button
            className="react-aria-Button main"
            isPending={act.isPending}
            onPress={() => act.mutate(undefined)}
          >
            Sign as the second operator
          </Button>
        </div>
      )}
    </section>
  );
}

const Changes = (proposed: Parameters<typeof changesOf>[0]): ReactNode => (
  <div className="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Today</th>
          <th scope="col">Would be</th>
        </tr>
      </thead>
      <tbody>
        {changesOf(proposed).map(({ what, today, wouldBe }, place) => (
          <tr key={`${place} ${what}`}>
            <th scope="row">{what}</th>
            <td>
              <bdi>{today ?? '–'}</bdi>
            </td>
            <td>
              <bdi>{wouldBe}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
