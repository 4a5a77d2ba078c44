import { isId, ownRef, sanctionStates, type Id, type SanctionState } from '@recourse/protocol';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import { textsOf } from './form.ts';

/** A search among the own records. */
export interface Wanted {
  /** As typed; empty where all are wanted */
  readonly text: string;
  readonly state: { readonly state?: SanctionState };
  /** Id or reference by which the registry finds it; undefined where the text is neither */
  readonly known: { readonly sanction?: Id<'snc'>; readonly ref?: string } | undefined;
}

interface FindRecordsProps {
  readonly label: string;
  readonly about: string;
  readonly children: (wanted: Wanted) => ReactNode;
}

/** Finds own records by state and by what somebody types, above the list of them. */
export function FindRecords({ label, about, children }: FindRecordsProps): ReactNode {
  const [state, setState] = useState<SanctionState | 'any'>('any');
  const [text, setText] = useState('');
  const find = (event: FormEvent<HTMLFormElement>): void =>
    setText(textsOf(event)('wanted').trim());
  return (
    <>
      <Form onSubmit={find} className="row">
        <Field name="wanted" label={label} about={about} />
        <Button type="submit">Find</Button>
      </Form>
      <Choice
        label="State"
        options={['any', ...sanctionStates]}
        value={state}
        onChange={setState}
      />
      {text === '' ? null : (
        <p>
          Records that fit “<bdi>{text}</bdi>”.{' '}
          <Button onPress={() => setText('')}>Show all</Button>
        </p>
      )}
      {children({ text, state: state === 'any' ? {} : { state }, known: knownBy(text) })}
    </>
  );
}

function knownBy(text: string): Wanted['known'] {
  if (text === '') return {};
  if (isId('snc', text)) return { sanction: text };
  return ownRef.safeParse(text).success ? { ref: text } : undefined;
}
