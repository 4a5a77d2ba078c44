import { When } from '@recourse/design';
import {
  inputIssues,
  reasonCodes,
  reasons,
  seatTermsSchema,
  toNumericDate,
} from '@recourse/protocol';
import { RecourseError } from '@recourse/sdk';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { newInviteCode } from '../identity/invite-code.ts';
import { Ticks } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { Field } from '../parts/field.tsx';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { textsOf } from '../parts/form.ts';
import { Loaded } from '../parts/loaded.tsx';
import { dayOf, instantOf } from '../parts/local-time.ts';
import { Page } from '../parts/page.tsx';
import { wordsOf } from '../parts/words.ts';
import { useDirectory, type DirectoryParty } from '../registry/directory.ts';
import { ActForm } from './act-form.tsx';
import { panelAct } from './acts.ts';
import { useKeepInvite, useWaitingInvites, Waiting } from './waiting-invite.tsx';

/** Shows the members of the panel, and invites to it. */
export function Panel(): ReactNode {
  const query = useDirectory();
  const { data: waiting = [] } = useWaitingInvites('panel.invite');
  return (
    <Page title="Review panel" about="Appeals are heard while three reviewers are independent.">
      <div className="stack">
        <Loaded query={query}>
          {(all) => <Reviewers reviewers={all.find(({ kind }) => kind === 'panel')?.reviewers} />}
        </Loaded>
        {waiting.map((one) => (
          <Waiting key={one.input.invite} waiting={one} />
        ))}
        <SeatForm />
      </div>
    </Page>
  );
}

function Reviewers({
  reviewers = [],
}: {
  readonly reviewers: DirectoryParty['reviewers'] | undefined;
}): ReactNode {
  const [ending, setEnding] = useState<string>();
  if (reviewers.length === 0) return <p className="soft">Nobody sits on the panel yet.</p>;
  return (
    <>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Reviewer</th>
              <th scope="col">Reads</th>
              <th scope="col">Term</th>
              <th scope="col">Act</th>
            </tr>
          </thead>
          <tbody>
            {reviewers.map(({ holder, languages, termUntil }) => (
              <tr key={holder}>
                <td>
                  <code>{holder}</code>
                </td>
                <td>{languages.join(', ')}</td>
                <td>{termUntil === undefined ? 'without end' : <When at={termUntil} />}</td>
                <td>
                  <Button
                    aria-label={`End the term of ${holder}`}
                    onPress={() => setEnding(holder)}
                  >
                    End the term
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {ending === undefined ? null : (
        <ActForm key={ending} act={{ ...panelAct, fields: [] }} known={{ holder: ending }}>
          <p>
            <code>{ending}</code>
          </p>
          <div>
            <Button onPress={() => setEnding(undefined)}>Leave it</Button>
          </div>
        </ActForm>
      )}
    </>
  );
}

const yearMs = 365 * 86_400_000;

function SeatForm(): ReactNode {
  const keep = useKeepInvite();
  const { data: parties = [] } = useDirectory();
  const platforms = parties.filter(({ kind }) => kind === 'platform');
  const [termUntil, setTermUntil] = useState(dayOf(new Date(Date.now() + yearMs)));
  const [affiliations, setAffiliations] = useState<readonly string[]>([]);
  const [optOut, setOptOut] = useState<readonly (typeof reasonCodes)[number][]>([]);
  const [error, setError] = useState<RecourseError>();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    const { code, invite } = newInviteCode();
    const read = seatTermsSchema.safeParse({
      invite,
      languages: wordsOf(textsOf(event)('languages')),
      affiliations: affiliations.map((party) => ({ party })),
      optOut,
      termUntil: toNumericDate(instantOf(termUntil)),
    });
    if (!read.success) {
      setError(new RecourseError('invalid-input', { issues: inputIssues(read.error) }));
      return;
    }
    setError(undefined);
    void keep({ op: 'panel.invite', code, title: 'Invite of a reviewer', input: read.data });
  };
  return (
    <FormFaults error={error}>
      <Form onSubmit={submit} className="panel stack">
        <h2>Invite a reviewer</h2>
        <p className="soft">The terms are published with the seat, and no call changes them.</p>
        <Field name="languages" label="Languages" about="That they read: en, de" />
        <Ticks
          name="affiliations"
          label="Platforms that they work for, or did"
          about="No case of these is assigned to them"
          options={platforms.map(({ id }) => id)}
          value={affiliations}
          onChange={setAffiliations}
          text={(id) => platforms.find((one) => one.id === id)?.name ?? id}
        />
        <Ticks
          name="optOut"
          label="Reasons whose cases are not assigned to them"
          about="Nine at most"
          options={reasonCodes}
          value={optOut}
          onChange={setOptOut}
          text={(code) => reasons[code].texts.en.title}
        />
        <DateChoice
          name="termUntil"
          label="End of the term"
          value={termUntil}
          onChange={setTermUntil}
        />
        <FormProblem />
        <div>
          <Button type="submit" className="react-aria-Button main">
            Make the invite
          </Button>
        </div>
      </Form>
    </FormFaults>
  );
}
