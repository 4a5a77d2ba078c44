import type { Recourse } from '@recourse/sdk';
import { useEffect, useRef, type ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { useAct } from '../../answers/use-act.ts';
import { whyOf } from '../../parts/issues/why.ts';
import { Problem } from '../../parts/problem.tsx';
import { Progress } from '../../parts/progress.tsx';
import { useEach } from '../../parts/use-each.ts';
import { whomOf } from '../name-of.ts';
import type { Owed } from '../owed.ts';
import { exportRows, type Row } from './export-rows.ts';

/** What every form for many rows of the inbox gets. */
export interface TogetherProps {
  readonly rows: readonly Owed[];
  readonly onClose: () => void;
}

interface EachFormProps {
  readonly rows: readonly Row[];
  readonly onClose: () => void;
  readonly title: string;
  /** What the button does to so many */
  readonly button: (count: number) => string;
  /** The answer after the number: “notices are with the registry” */
  readonly what: string;
  /** What is signed of each was chosen */
  readonly isReady: boolean;
  readonly one: (recourse: Recourse, row: Row) => Promise<unknown>;
  /** What holds for all of them */
  readonly children: ReactNode;
}

/** Done, or why not. */
type Ended = { readonly why?: string };

/** Does one act for each of many rows: with progress, an end before its time, and why for each that is left. */
export function EachForm(props: EachFormProps): ReactNode {
  const { rows, title, button, what, isReady, one, onClose, children } = props;
  const { done, start, cancel } = useEach<string, Ended>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const left = rows.filter(({ id }) => done.get(id)?.why !== undefined || !done.has(id));
  const act = useAct('many done', async (recourse, todo: readonly Row[]) => {
    const byId = new Map(todo.map((row) => [row.id, row]));
    const all = await start(byId.keys(), (id) => endOf(() => one(recourse, byId.get(id)!)));
    const ends = [...byId.keys()].map((id) => all.get(id));
    const ok = ends.filter((end) => end && end.why === undefined).length;
    return { what, done: ok, left: ends.length - ok };
  });
  return (
    <section className="panel stack">
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <ul className="chosen">
        {rows.map((row) => (
          <li key={row.id}>
            <Link href={row.href}>{whomOf(row.about)}</Link> <State end={done.get(row.id)} />
          </li>
        ))}
      </ul>
      {children}
      <Progress label="Done or refused" done={done.size} all={rows.length} />
      <Problem error={act.error} />
      <div className="row">
        {act.isPending ? (
          <Button onPress={cancel}>Cancel after this one</Button>
        ) : (
          <>
            {left.length === 0 ? null : (
              <Button
                className="react-aria-Button main"
                isDisabled={!isReady}
                onPress={() => act.mutate(left)}
              >
                {button(left.length)}
              </Button>
            )}
            {done.size === 0 || left.length === 0 ? null : (
              <Button
                onPress={() => exportRows(left, (row) => done.get(row.id)?.why ?? 'not tried')}
              >
                Export what is left, with why
              </Button>
            )}
            <Button onPress={onClose}>Close</Button>
          </>
        )}
      </div>
    </section>
  );
}

const State = ({ end }: { readonly end: Ended | undefined }): ReactNode => {
  if (end === undefined) return null;
  return end.why === undefined ? (
    <span className="soft">✓ Done</span>
  ) : (
    <span className="field-error">{end.why}</span>
  );
};

async function endOf(one: () => Promise<unknown>): Promise<Ended> {
  try {
    await one();
    return {};
  } catch (error) {
    return { why: error instanceof Left ? error.message : whyOf(error) };
  }
}

/** Why one of many was not even tried, for the person at the screen. */
export class Left extends Error {}
