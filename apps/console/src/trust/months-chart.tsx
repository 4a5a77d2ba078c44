import type { ReactNode } from 'react';

export interface Month {
  readonly at: Date;
  readonly decided: number;
  readonly reversed: number;
}

const width = 40;
const height = 120;

const nameOf = (at: Date): string =>
  at.toLocaleDateString(undefined, { month: 'short', year: '2-digit' });

/** Decided and reversed by month, as bars, and the same as a table. */
export function Months({ months }: { readonly months: readonly Month[] }): ReactNode {
  const most = Math.max(1, ...months.map(({ decided }) => decided));
  const tall = (count: number): number => (height * count) / most;
  return (
    <>
      <svg viewBox={`0 0 ${width * months.length} ${height}`} className="chart" aria-hidden="true">
        {months.map(({ at, decided, reversed }, place) => (
          <g key={at.getTime()}>
            <rect
              className="all"
              x={place * width + 6}
              y={height - tall(decided)}
              width={width - 12}
              height={tall(decided)}
            />
            <rect
              className="part"
              x={place * width + 6}
              y={height - tall(reversed)}
              width={width - 12}
              height={tall(reversed)}
            />
          </g>
        ))}
      </svg>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Month</th>
              {months.map(({ at }) => (
                <th scope="col" key={at.getTime()}>
                  {nameOf(at)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Decided</th>
              {months.map(({ at, decided }) => (
                <td key={at.getTime()}>{decided}</td>
              ))}
            </tr>
            <tr>
              <th scope="row">Reversed</th>
              {months.map(({ at, reversed }) => (
                <td key={at.getTime()}>{reversed}</td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </>
  );
}
