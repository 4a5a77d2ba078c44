import { Facts, Note, When } from '@recourse/design';
import { reasons, type Id } from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useAct, useAsked } from '../registry/calls.ts';
import { Refusal } from './refusal.tsx';

/** Whether a notice is rightly withheld from its creator. */
export function Notices(): ReactNode {
  const query = useAsked(['withheld-notice'], async ({ review }) => {
    try {
      return await review.notice({});
    } catch (error) {
      if (isRecourseError(error, 'not-found')) return null;
      throw error;
    }
  });
  const judge = useAct((recourse, by: { sanction: Id<'snc'>; confirmed: boolean }) =>
    recourse.review.confirmNotice(by),
  );
  return (
    <Page title="Withheld notices" about="The creator knows nothing of these records yet.">
      <Refusal error={judge.error} />
      {judge.data ? (
        <Note tone="good" title="Your word is in." announce>
          <p>
            Notice is due <When at={judge.data.noticeDueAt} deadline />.
          </p>
        </Note>
      ) : null}
      <Loaded
        query={query}
        empty={{ when: (found) => found === null, text: 'No notice waits that you could judge.' }}
      >
        {(found) =>
          found === null ? null : (
            <>
              <Facts
                facts={{
                  Reason: reasons[found.reason].texts.en.title,
                  'Withheld for': found.ground,
                  'At most until': <When at={found.noticeDueAt} deadline />,
                  Record: <code>{found.sanction}</code>,
                }}
              />
              <h2>What the platform says happened</h2>
              <div className="quote" dir="auto">
                {found.account}
              </div>
              <div className="row">
                <Button onPress={() => judge.mutate({ sanction: found.sanction, confirmed: true })}>
                  Rightly withheld: the record stays held
                </Button>
                <Button
                  onPress={() => judge.mutate({ sanction: found.sanction, confirmed: false })}
                >
                  Wrongly withheld: the creator is told
                </Button>
              </div>
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
