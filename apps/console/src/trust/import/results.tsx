import { Note } from '@recourse/design';
import type { ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { csvFile } from '../../parts/csv.ts';
import { download } from '../../parts/download.ts';
import { counted } from '../../parts/words.ts';
import type { Judged } from './columns.ts';
import type { Table } from './read-table.ts';
import type { RowState } from './use-import.ts';

interface ResultsProps {
  readonly table: Table;
  readonly judgements: readonly Judged[];
  readonly done: ReadonlyMap<number, RowState>;
}

/** What became of a file once it ran, and what is left of it as a file. */
export function Results({ table, judgements, done }: ResultsProps): ReactNode {
  const count = (state: RowState['state']): number =>
    [...done.values()].filter((one) => one.state === state).length;
  const [recorded, drafted, refused] = [count('recorded'), count('drafted'), count('refused')];
  const left = table.rows.length - recorded - drafted;
  return (
    <Note
      tone={refused === 0 ? 'good' : 'wait'}
      title={titleOf(recorded, drafted, refused)}
      announce
    >
      {recorded === 0 ? null : (
        <p>
          Tell the creators next: <Link href="/trust/inbox">the inbox</Link> has each notice, with
          its last day.
        </p>
      )}
      {drafted === 0 ? null : (
        <p>
          Your records of today are used up, so a colleague confirms the rest among{' '}
          <Link href="/trust/drafts">the drafts</Link>.
        </p>
      )}
      {left === 0 ? null : (
        <Button onPress={() => download(fileOf({ table, judgements, done }), 'left.csv')}>
          Download {counted(left, 'row that was', 'rows that were')} not recorded, with why
        </Button>
      )}
    </Note>
  );
}

const titleOf = (recorded: number, drafted: number, refused: number): string =>
  [
    `${counted(recorded, 'row is', 'rows are')} recorded`,
    drafted === 0 ? '' : `${drafted.toLocaleString()} drafted`,
    refused === 0 ? '' : `${refused.toLocaleString()} refused`,
  ]
    .filter(Boolean)
    .join(', ');

/** The rows that are left, as they were, with why as the last column: mended, the file can be chosen again. */
function fileOf({ table: { columns, rows }, judgements, done }: ResultsProps): Blob {
  const lines = rows.flatMap((row, at) => {
    const state = done.get(at);
    if (state !== undefined && state.state !== 'refused') return [];
    const faults = Object.entries(judgements[at]?.faults ?? {});
    const why =
      state?.why ?? (faults.map(([field, fault]) => `${field}: ${fault}`).join(' ') || 'not sent');
    return [[...columns.map((name) => row[name] ?? ''), why]];
  });
  return csvFile([[...columns, 'why'], ...lines]);
}
