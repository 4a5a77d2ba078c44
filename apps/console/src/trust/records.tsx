import { Status, When } from '@recourse/design';
import { isId, sanctionStates, type SanctionState } from '@recourse/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Form, Link } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { Choice } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { textsOf } from '../parts/form.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { toneOfState } from '../parts/states.ts';
import { sentence, words } from '../parts/words.ts';
import { useAsked, useRead } from '../registry/calls.ts';
import { journalOf } from './journal.ts';

type Wanted = SanctionState | 'any';

/** The own records, by state, reference or identifier. */
export function Records(): ReactNode {
  const [state, setState] = useState<Wanted>('any');
  const [wanted, setWanted] = useState('');
  return (
    <Page title="Records" actions={<Link href="/trust/import">Import</Link>}>
      <Find onFind={setWanted} />
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

function Find({ onFind }: { readonly onFind: (wanted: string) => void }): ReactNode {
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    const wanted = textsOf(event)('wanted').trim();
    if (isId('snc', wanted)) void navigate({ to: `/trust/records/${wanted}` });
    else onFind(wanted);
  };
  return (
    <Form onSubmit={submit} className="row">
      <Field
        name="wanted"
        label="Reference, record id or identifier"
        about="An identifier finds what this browser recorded: the registry knows none."
      />
      <Button type="submit">Find</Button>
    </Form>
  );
}

function List({ state, wanted }: { readonly state: Wanted; readonly wanted: string }): ReactNode {
  const [cursor, setCursor] = useState<string>();
  const query = useRead('sanctions.list', {
    limit: 100,
    ...(state === 'any' ? {} : { state }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const mine = useJournalled(wanted);
  return (
    <Loaded query={query}>
      {({ sanctions, next }) => {
        const shown = sanctions.filter(
          ({ sanction, ref }) => wanted === '' || ref === wanted || mine.includes(sanction),
        );
        return (
          <>
            {shown.length === 0 ? <p className="soft">No record of yours fits.</p> : null}
            <div className="scroll">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Record</th>
                    <th scope="col">Reason</th>
                    <th scope="col">State</th>
                    <th scope="col">Submitted</th>
                    <th scope="col">Told</th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((one) => (
                    <tr key={one.sanction}>
                      <td>
                        <Link href={`/trust/records/${one.sanction}`}>
                          <code>{one.ref ?? one.sanction}</code>
                        </Link>
                      </td>
                      <td>{one.reason}</td>
                      <td>
                        <Status tone={toneOfState[one.state]}>{sentence(one.state)}</Status>{' '}
                        {one.disputed ? 'disputed' : ''}
                      </td>
                      <td>
                        <When at={one.submittedAt} />
                      </td>
                      <td>{words(one.toldPlatforms)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {next === undefined ? null : (
              <Button onPress={() => setCursor(next)}>Older records</Button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

/** Records of this browser's journal that have the identifier. */
function useJournalled(wanted: string): readonly string[] {
  const journal = journalOf(usePerson());
  const { data = [] } = useAsked(['journal', wanted], async () => {
    const found: string[] = [];
    for (const sanction of wanted === '' ? [] : await journal.sanctions()) {
      const entry = await journal.load(sanction);
      if (entry?.identifiers?.some(({ value }) => value === wanted)) found.push(sanction);
    }
    return found;
  });
  return data;
}
