import { Status, When } from '@recourse/design';
import { sanctionStates, type OpOutput, type SanctionState } from '@recourse/protocol';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { Choice } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { textsOf } from '../parts/form.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { toneOfState } from '../parts/states.ts';
import { sentence } from '../parts/words.ts';
import { useRead } from '../registry/calls.ts';

type Wanted = SanctionState | 'any';

/** States of the own records and nothing else: enough to answer a person who asks. */
export function States(): ReactNode {
  const [state, setState] = useState<Wanted>('any');
  const [wanted, setWanted] = useState('');
  const find = (event: FormEvent<HTMLFormElement>): void =>
    setWanted(textsOf(event)('wanted').trim());
  return (
    <Page
      title="States of records"
      about="Where each record of your platform stands. Its reason and its facts are for the trust team."
    >
      <Form onSubmit={find} className="row">
        <Field name="wanted" label="Reference or record id" />
        <Button type="submit">Find</Button>
      </Form>
      <Choice
        label="State"
        options={['any', ...sanctionStates]}
        value={state}
        onChange={setState}
      />
      {wanted === '' ? null : (
        <p>
          Records that fit “<bdi>{wanted}</bdi>”.{' '}
          <Button onPress={() => setWanted('')}>Show all</Button>
        </p>
      )}
      <List state={state} wanted={wanted} />
    </Page>
  );
}

function List({ state, wanted }: { readonly state: Wanted; readonly wanted: string }): ReactNode {
  const [cursor, setCursor] = useState<string>();
  const query = useRead('sanctions.states', {
    limit: 100,
    ...(state === 'any' ? {} : { state }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  return (
    <Loaded query={query}>
      {({ states, next }) => (
        <>
          <Rows
            states={states.filter(
              ({ sanction, ref }) => wanted === '' || sanction === wanted || ref === wanted,
            )}
          />
          {next === undefined ? null : (
            <Button onPress={() => setCursor(next)}>Older records</Button>
          )}
        </>
      )}
    </Loaded>
  );
}

function Rows({ states }: Pick<OpOutput<'sanctions.states'>, 'states'>): ReactNode {
  if (states.length === 0) return <p className="soft">No record of your platform fits.</p>;
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Record</th>
            <th scope="col">State</th>
            <th scope="col">Ends</th>
          </tr>
        </thead>
        <tbody>
          {states.map(({ sanction, ref, state, disputed, expiresAt }) => (
            <tr key={sanction}>
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
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
