import { Status, When } from '@recourse/design';
import type { OpOutput } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { FindRecords, type Wanted } from '../parts/find-records.tsx';
import { List, type Rows } from '../parts/list.tsx';
import { Page } from '../parts/page.tsx';
import { toneOfState } from '../parts/states.ts';
import { sentence, words } from '../parts/words.ts';
import { useAsked } from '../registry/calls.ts';
import { readAll, useShown } from '../registry/lists.ts';
import { useRows } from '../registry/pages.ts';
import { journalOf } from './journal.ts';
import { Whom } from './whom.tsx';

type OwnRecord = OpOutput<'sanctions.list'>['sanctions'][number];

/** The own records, by state, reference or identifier. */
export const Records = (): ReactNode => (
  <Page title="Records" actions={<Link href="/trust/import">Import</Link>}>
    <FindRecords
      label="Reference, record id or identifier"
      about="An identifier finds what this browser recorded: the registry knows none."
    >
      {(wanted) => (wanted.text === '' ? <All state={wanted.state} /> : <Found wanted={wanted} />)}
    </FindRecords>
  </Page>
);

const listOf = (input: Wanted['state'] & Wanted['known']) =>
  ({
    op: 'sanctions.list',
    input,
    rowsOf: ({ sanctions }: OpOutput<'sanctions.list'>) => sanctions,
  }) as const;

const All = ({ state }: Pick<Wanted, 'state'>): ReactNode => (
  <RecordList list={useRows(listOf(state))} />
);

/** Finds records by what the registry knows, and by the identifiers of this browser's journal. */
function Found({ wanted: { text, state, known } }: { readonly wanted: Wanted }): ReactNode {
  const journal = journalOf(usePerson());
  const query = useAsked(['found', text, state], async (recourse, signal) => {
    const ids = await journal.sanctionsOf(text);
    // What names somebody is looked up here alone.
    const { isIdentifier } = await import('@recourse/protocol/identifiers');
    const asked = [
      ...(known && !isIdentifier(text) ? [known] : []),
      ...ids.map((sanction) => ({ sanction })),
    ];
    const found = await Promise.all(
      asked.map((one) => readAll(recourse, listOf({ ...state, ...one }), signal)),
    );
    const rows = found.flatMap((one) => one.rows);
    return [...new Map(rows.map((row) => [row.sanction, row])).values()];
  });
  return <RecordList list={useShown(query)} />;
}

const RecordList = ({ list }: { readonly list: Rows<OwnRecord> }): ReactNode => (
  <List
    list={list}
    empty="No record of yours fits."
    idOf={({ sanction }) => sanction}
    columns={['Record', 'State', 'Submitted', 'Told']}
  >
    {(record) => (
      <>
        <td>
          <Whom about={record} href={`/trust/records/${record.sanction}`} />
        </td>
        <td>
          <Status tone={toneOfState[record.state]}>{sentence(record.state)}</Status>{' '}
          {record.disputed ? 'disputed' : ''}
        </td>
        <td>
          <When at={record.submittedAt} />
        </td>
        <td>{words(record.toldPlatforms)}</td>
      </>
    )}
  </List>
);
