import { Status, When } from '@recourse/design';
import { reviewIdOf } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { List } from '../parts/list.tsx';
import { Page } from '../parts/page.tsx';
import { sentence, words } from '../parts/words.ts';
import { useRows } from '../registry/pages.ts';
import { Whom } from './whom.tsx';

/** Appeals against the own records, and inspections of them. */
export function Appeals(): ReactNode {
  const list = useRows({
    op: 'appeals.list',
    input: {},
    rowsOf: ({ appeals, inspections }) => [...inspections, ...appeals],
  });
  return (
    <Page
      title="Appeals"
      about="Deliver evidence within seven days of the assignment, or the record is suspended, and reversed seven days later."
    >
      <List
        list={list}
        empty="Nobody has appealed, and nothing is inspected."
        idOf={reviewIdOf}
        columns={['Record', 'What', 'State', 'Opened', 'Evidence due']}
      >
        {(one) => (
          <>
            <td>
              <Whom about={one} href={`/trust/appeals/${reviewIdOf(one)}`} />
            </td>
            <td>
              {'appeal' in one ? `Appeal: ${words(one.ground)}` : `Inspection: ${words(one.why)}`}
            </td>
            <td>
              <Status tone={one.state === 'open' ? 'wait' : 'quiet'}>{sentence(one.state)}</Status>{' '}
              {one.outcome === undefined ? '' : words(one.outcome)}
              {'respondedAt' in one && one.state === 'open' ? 'you stand by it' : ''}
            </td>
            <td>
              <When at={one.openedAt} />
            </td>
            <td>
              {one.evidenceDueAt === undefined ? '' : <When at={one.evidenceDueAt} deadline />}
            </td>
          </>
        )}
      </List>
    </Page>
  );
}
