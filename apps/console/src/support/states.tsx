import { Status, When } from '@recourse/design';
import type { ReactNode } from 'react';
import { FindRecords, type Wanted } from '../parts/find-records.tsx';
import { List } from '../parts/list.tsx';
import { Page } from '../parts/page.tsx';
import { toneOfState } from '../parts/states.ts';
import { sentence } from '../parts/words.ts';
import { useRows } from '../registry/pages.ts';

/** States of the own records and nothing else: enough to answer a person who asks. */
export const States = (): ReactNode => (
  <Page
    title="States of records"
    about="Where each record of your platform stands. Its reason and its facts are for the trust team."
  >
    <FindRecords
      label="Reference or record id"
      about="A reference has up to 64 letters, digits and ._:/#-, and is no identifier of a person."
    >
      {({ state, known }) =>
        known ? <StateList input={{ ...state, ...known }} /> : <p className="soft">{none}</p>
      }
    </FindRecords>
  </Page>
);

const none = 'No record of your platform fits.';

function StateList({ input }: { readonly input: Wanted['state'] & Wanted['known'] }): ReactNode {
  const list = useRows({ op: 'sanctions.states', input, rowsOf: ({ states }) => states });
  return (
    <List
      list={list}
      empty={none}
      idOf={({ sanction }) => sanction}
      columns={['Record', 'State', 'Ends']}
    >
      {({ sanction, ref, state, disputed, expiresAt }) => (
        <>
          <td>
            <code>{ref ?? sanction}</code>
          </td>
          <td>
            <Status tone={toneOfState[state]}>{sentence(state)}</Status>{' '}
            {disputed ? 'disputed' : ''}
          </td>
          <td>
            <When at={expiresAt} />
          </td>
        </>
      )}
    </List>
  );
}
