import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { Button } from 'react-aria-components';
import type { Choosing } from './choosing-box.tsx';
import { ChoosingBox } from './choosing.tsx';
import { Loaded, type LoadedQuery } from './loaded.tsx';
import { Problem } from './problem.tsx';

/** Rows that a screen has, and how it gets more of them; `more` is absent at the end. */
export interface Rows<T> {
  readonly query: LoadedQuery<readonly T[]>;
  readonly more?: { readonly load: () => Promise<unknown>; readonly isLoading: boolean };
}

interface ListProps<T> {
  readonly list: Rows<T>;
  /** Shown instead where there is nothing */
  readonly empty: ReactNode;
  readonly idOf: (row: T) => string;
  /** Heads of a table, whose cells `children` then gives; without them a row is what `children` gives */
  readonly columns?: readonly string[];
  /** Lets the rows of a table be chosen */
  readonly choosing?: Choosing<T>;
  readonly children: (row: T) => ReactNode;
}

/** A list of any length: some rows, and more at the press of a button, which leads to the first of them. */
export function List<T>({ list: { query, more }, empty, ...props }: ListProps<T>): ReactNode {
  const isEmpty = (rows: readonly T[]): boolean => rows.length === 0 && !more;
  const place = useRef<HTMLDivElement>(null);
  const { from, goOn } = useGoingOn({ place, load: more?.load, count: query.data?.length ?? 0 });
  return (
    <Loaded query={query} empty={{ when: isEmpty, text: empty }}>
      {(rows) => (
        <div ref={place}>
          <Body {...props} rows={rows} />
          <div className="row">
            <p role="status" className="soft" tabIndex={-1}>
              {countText(rows.length, { isMore: more !== undefined, isAsked: from !== undefined })}
            </p>
            {more ? (
              <Button isPending={more.isLoading} onPress={() => goOn(rows.length)}>
                Show more
              </Button>
            ) : null}
          </div>
          <Problem error={query.error} />
        </div>
      )}
    </Loaded>
  );
}

function countText(count: number, { isMore, isAsked }: { isMore: boolean; isAsked: boolean }) {
  if (isMore) return count === 0 ? 'None so far. There may be more.' : `${count} shown of more.`;
  return isAsked ? `All ${count} shown.` : '';
}

interface GoingOn {
  readonly place: RefObject<HTMLElement | null>;
  readonly load: (() => Promise<unknown>) | undefined;
  readonly count: number;
}

/**
 * Has more rows come, and then puts the focus on the first of them; at the end without one, on the count. They may be drawn
 * later than their answer is there.
 */
function useGoingOn({ place, load, count }: GoingOn) {
  const [from, setFrom] = useState<{ readonly row: number }>();
  const led = useRef<typeof from>(undefined);
  useEffect(() => {
    if (!from || led.current === from) return;
    const row = place.current?.querySelectorAll<HTMLElement>('[data-row]')[from.row];
    const isOver = place.current?.querySelector('p[role=status] + button') === null;
    const next = row
      ? (row.querySelector<HTMLElement>('a, button') ?? row)
      : isOver && place.current?.querySelector<HTMLElement>('p[role=status]');
    if (!next) return;
    led.current = from;
    next.focus();
  }, [from, place, count, load]);
  const goOn = (row: number): void => void load?.().then(() => setFrom({ row }));
  return { from, goOn };
}

function Body<T>({
  rows,
  idOf,
  columns,
  choosing,
  children,
}: Omit<ListProps<T>, 'list' | 'empty'> & { readonly rows: readonly T[] }): ReactNode {
  if (!columns) {
    return rows.map((row) => (
      <div key={idOf(row)} data-row tabIndex={-1}>
        {children(row)}
      </div>
    ));
  }
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            {choosing ? (
              <th scope="col">
                <ChoosingBox ids={rows.map(idOf)} text="All rows shown" choosing={choosing} />
              </th>
            ) : null}
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)} data-row tabIndex={-1}>
              {choosing ? (
                <td>
                  <ChoosingBox ids={[idOf(row)]} text={choosing.text(row)} choosing={choosing} />
                </td>
              ) : null}
              {children(row)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
