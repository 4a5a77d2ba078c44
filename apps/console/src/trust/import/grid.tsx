import { Status } from '@recourse/design';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { cellOf, fields, type FileRow, type Judged, type Mapping } from './columns.ts';
import { dateInWords } from './dates.ts';
import type { RowState } from './use-import.ts';

interface GridProps {
  readonly rows: readonly FileRow[];
  readonly mapping: Mapping;
  readonly judgements: readonly Judged[];
  readonly done: ReadonlyMap<number, RowState>;
}

const most = 500;

/** The rows as they will be read, with what is wrong in the cell where it is wrong. */
export const Grid = ({ rows, mapping, judgements, done }: GridProps): ReactNode => (
  // It scrolls by the arrow keys: nothing in it takes the focus.
  <div className="scroll wide" role="region" aria-label="Rows of the file" tabIndex={0}>
    {rows.length > most ? (
      <p className="soft">The first {most} rows are shown; all are recorded.</p>
    ) : null}
    <table>
      <thead>
        <tr>
          <th scope="col">Row</th>
          <th scope="col">State</th>
          {fields.map((field) => (
            <th scope="col" key={field}>
              {field}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, most).map((row, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- the rows of a file never move
          <tr key={at}>
            <td>{at + 1}</td>
            <td>
              <State state={done.get(at)} isReady={judgements[at]?.input !== undefined} />
            </td>
            {fields.map((field) => (
              <td key={field}>
                <Cell text={cellOf(row, mapping, field)} date={judgements[at]?.dates[field]} />
                {judgements[at]?.faults?.[field] === undefined ? null : (
                  <div className="field-error">{judgements[at]?.faults?.[field]}</div>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

interface CellProps {
  readonly text: string;
  /** The date that will be signed, for a field of dates */
  readonly date: Date | undefined;
}

/** A date in words, above what the file says in another form. */
const Cell = ({ text, date }: CellProps): ReactNode =>
  date === undefined ? (
    text
  ) : (
    <>
      <time dateTime={date.toISOString()}>{dateInWords(date)}</time>
      {date.toISOString().startsWith(text) ? null : <div className="soft small">{text}</div>}
    </>
  );

interface StateProps {
  readonly state: RowState | undefined;
  readonly isReady: boolean;
}

const made = {
  recorded: { folder: 'records', text: 'Recorded' },
  drafted: { folder: 'drafts', text: 'Drafted' },
} as const;

function State({ state, isReady }: StateProps): ReactNode {
  if (state?.state === 'refused') return <span className="field-error">{state.why}</span>;
  if (state) {
    const { folder, text } = made[state.state];
    return <Link href={`/trust/${folder}/${state.sanction}`}>{text}</Link>;
  }
  return <Status tone={isReady ? 'good' : 'bad'}>{isReady ? 'Ready' : 'Mend'}</Status>;
}
