import { Note } from '@recourse/design';
import type { OpInput } from '@recourse/protocol';
import type { FormEvent, ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { Copied } from '../parts/copied.tsx';
import { Field } from '../parts/field.tsx';
import { textsOf } from '../parts/form.ts';
import { seatLink } from '../parts/seat-link.ts';
import { wordsOf } from '../parts/words.ts';

type Seat = OpInput<'panel.invite'>;

interface SeatSignaturesProps {
  readonly seat: Seat;
  readonly isPending: boolean;
  readonly onSigned: (seat: Seat) => void;
}

/** Two sitting reviewers read the terms by a link, and what they signed comes back here. */
export function SeatSignatures({ seat, isPending, onSigned }: SeatSignaturesProps): ReactNode {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    onSigned({ ...seat, countersignatures: wordsOf(textsOf(event)('countersignatures')) });
  };
  return (
    <>
      <Note tone="wait" title="Two sitting reviewers sign first." announce>
        <p>Send each of them this link. They read the terms, and give you a signature.</p>
        <Copied what="link" text={seatLink(seat)} />
      </Note>
      <Form onSubmit={submit} className="stack">
        <Field
          name="countersignatures"
          label="Signatures of two sitting reviewers"
          about="One a line"
          rows={4}
          start={seat.countersignatures?.join('\n') ?? ''}
        />
        <div>
          <Button type="submit" className="react-aria-Button main" isPending={isPending}>
            Sign and propose with these
          </Button>
        </div>
      </Form>
    </>
  );
}
