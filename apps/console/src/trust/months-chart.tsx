import type { ReactNode } from 'react';

export interface Month {
  readonly at: Date;
  readonly decided: number;
  readonly reversed: number;
}

const width = 100;
const thick = 6;

const nameOf = (at: Date): string =>
  at.toLocaleDateString('en', { month: 'long', year: 'numeric' });

/** Decided and reversed of each month, with a bar in its own row. */
export function Months({ months }: { readonly months: readonly Month[] }): ReactNode {
  const most = Math.max(1, ...months.map(({ decided }) => decided));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Month</th>
          <th scope="col">Decided</th>
          <th scope="col">Reversed</th>
          <td aria-hidden="true" />
        </tr>
      </thead>
      <tbody>
        {months.map(({ at, decided, reversed }) => (
          <tr key={at.getTime()}>
            <th scope="row">{nameOf(at)}</th>
            <td>{decided}</td>
            <td>{reversed}</td>
            <td aria-hidden="true" className="bar">
              <svg viewBox={`0 0 ${width} ${thick}`} preserveAspectRatio="none" className="chart">
                <rect className="all" width={(width * decided) / most} height={thick} />
                <rect className="part" width={(width * reversed) / most} height={thick} />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
