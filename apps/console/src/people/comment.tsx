import { When } from '@recourse/design';
import type { FormEvent, ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { useDraft } from '../identity/draft.ts';
import { KeptMark } from '../identity/kept-mark.tsx';
import { Field } from '../parts/field.tsx';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { faultsOfLine } from './one-line.ts';
import { Who } from './who.tsx';
import { useCommenting } from './work-acts.ts';
import { ClosedWork } from './closed-work.tsx';
import { isRead, useWork, type WorkRow } from './work.ts';

interface CommentProps {
  /** Id of what it is about */
  readonly row: string;
  /** The same in words */
  readonly whom: string;
}

/** What colleagues tell each other about something, and nobody else reads. */
export function Comment({ row, whom }: CommentProps): ReactNode {
  const { data: work } = useWork();
  // It outlives the form, which is there anew once a colleague wrote.
  const act = useCommenting(row, whom);
  if (!work) return null;
  const before = work.rows.get(row);
  return (
    <section className="panel stack">
      <h2>Between colleagues</h2>
      {before?.comment === undefined ? null : <Now row={before} />}
      {isRead(work) ? (
        // What is typed here is kept, and read again.
        <Commenting
          key={`${before?.at} ${before?.comment}`}
          row={row}
          before={before?.comment}
          act={act}
        />
      ) : (
        <ClosedWork work={work} />
      )}
    </section>
  );
}

const Now = ({ row: { comment, by, at } }: { readonly row: WorkRow }): ReactNode => (
  <div>
    <p>
      “<bdi>{comment}</bdi>”
    </p>
    <p>
      Last changed by <Who who={{ holder: by }} /> <When at={at} />
    </p>
  </div>
);

interface CommentingProps {
  readonly row: string;
  readonly before: string | undefined;
  readonly act: ReturnType<typeof useCommenting>;
}

function Commenting({ row, before, act }: CommentingProps): ReactNode {
  const draft = useDraft(`comment/${row}`, { text: before ?? '' });
  if (!draft) return null;
  const { text } = draft.value;
  const own = faultsOfLine('comment', text.trim());
  const keep = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (text.trim() !== '' && own['comment'] === undefined)
      act.mutate({ comment: text.trim(), done: draft.drop });
  };
  return (
    <FormFaults error={act.error} own={own}>
      <Form onSubmit={keep} className="stack">
        <Field
          name="comment"
          label="Comment"
          about="People of your trust desk alone read it: it is sealed to them. Up to 300 characters."
          most={300}
          value={text}
          onChange={(typed) => void draft.change({ text: typed })}
        />
        <FormProblem />
        <div className="row">
          <Button type="submit" isPending={act.isPending}>
            Keep the comment
          </Button>
          {before === undefined ? null : (
            <Button
              isPending={act.isPending}
              onPress={() => act.mutate({ comment: undefined, done: draft.drop })}
            >
              Take the comment away
            </Button>
          )}
          {text === (before ?? '') ? null : <KeptMark kept={draft.kept} />}
        </div>
      </Form>
    </FormFaults>
  );
}
