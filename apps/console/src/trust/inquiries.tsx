import { Status, When } from '@recourse/design';
import { answersByQuestion, type InquiryAnswer, type InquiryRecord } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Choice } from '../parts/choice.tsx';
import { List } from '../parts/list.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { sentence, words } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { useRows } from '../registry/pages.ts';
import { nameOf } from './name-of.ts';
import { Whom } from './whom.tsx';

/** Closed questions between trust teams, with closed answers. */
export function Inquiries(): ReactNode {
  const list = useRows({
    op: 'matches.questions',
    input: {},
    rowsOf: ({ questions }) => questions,
  });
  return (
    <Page
      title="Inquiries"
      about="Questions and answers are closed lists: no word about a person goes from one platform to another."
    >
      <List list={list} empty="Nobody has asked anything." idOf={({ question }) => question}>
        {(one) => <One inquiry={one} />}
      </List>
    </Page>
  );
}

function One({ inquiry }: { readonly inquiry: InquiryRecord }): ReactNode {
  const { asks, side, sanction, about, dueAt, answer, overdue } = inquiry;
  return (
    <section className="panel stack">
      <h2>
        {sentence(asks)}?{' '}
        <Status tone={answer ? 'good' : overdue ? 'bad' : 'wait'}>
          {answer ? 'Answered' : 'Open'}
        </Status>
      </h2>
      <p>
        {side === 'asked'
          ? 'You asked about a record that you matched'
          : 'A platform that was told of your record asks'}
        . Due <When at={dueAt} deadline />.
      </p>
      {about ? (
        <p>
          <Whom about={{ sanction, ...about }} href={`/trust/records/${sanction}`} />
        </p>
      ) : null}
      {answer === undefined ? null : (
        <p>
          Answer: <strong>{words(answer)}</strong>
        </p>
      )}
      {side === 'received' && answer === undefined ? <Answering inquiry={inquiry} /> : null}
    </section>
  );
}

function Answering({
  inquiry: { question, asks, sanction, about },
}: {
  readonly inquiry: InquiryRecord;
}): ReactNode {
  const [answer, setAnswer] = useState<InquiryAnswer>();
  const act = useAct('inquiry answered', async (recourse, answer: InquiryAnswer) => {
    const { withdraw } = await recourse.matches.answer({ question, answer });
    return { whom: about ? nameOf(about) : 'your record', sanction, answer, withdraw };
  });
  const options: readonly InquiryAnswer[] = answersByQuestion[asks];
  return (
    <>
      <Choice label="Answer" options={options} value={answer} onChange={setAnswer} />
      <Problem error={act.error} />
      <div>
        <Button
          isDisabled={answer === undefined}
          isPending={act.isPending}
          onPress={() => answer && act.mutate(answer)}
        >
          Answer
        </Button>
      </div>
    </>
  );
}
