import { Status, When } from '@recourse/design';
import type { ReactNode } from 'react';
import { List } from '../parts/list.tsx';
import { Page } from '../parts/page.tsx';
import { sentence } from '../parts/words.ts';
import { useRows } from '../registry/pages.ts';
import { toldOf } from './name-of.ts';
import { Whom } from './whom.tsx';

/** Every recall: own references first, since they name the person. */
export function Recalls(): ReactNode {
  const list = useRows({
    op: 'recalls.list',
    input: { all: true },
    rowsOf: ({ recalls }) => recalls,
  });
  return (
    <Page
      title="Recalls"
      about="A record that you were told of ended, paused or changed. Undo what you did because of it, within 72 hours."
    >
      <List
        list={list}
        empty="You have no recalls."
        idOf={({ recall }) => recall}
        columns={['Whom', 'What to do', 'Due', 'State']}
      >
        {({ recall, kind, told, dueAt, acknowledged, supersededBy }) => (
          <>
            <td>
              <Whom about={toldOf({ told })} href={`/trust/recalls/${recall}`} />
            </td>
            <td>{sentence(kind)}</td>
            <td>
              <When at={dueAt} deadline />
            </td>
            <td>
              {acknowledged ? (
                <Status tone="good">{sentence(acknowledged.action ?? 'acknowledged')}</Status>
              ) : (
                <Status tone={supersededBy ? 'quiet' : 'wait'}>
                  {supersededBy ? 'Replaced' : 'Open'}
                </Status>
              )}
            </td>
          </>
        )}
      </List>
    </Page>
  );
}
