import { When } from '@recourse/design';
import { idSchema, reasonCodes, reasons, toNumericDate, type OpInput } from '@recourse/protocol';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { newInviteCode } from '../identity/invite-code.ts';
import { Ticks } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { Field } from '../parts/field.tsx';
import { textsOf } from '../parts/form.ts';
import { Loaded } from '../parts/loaded.tsx';
import { dayOf, instantOf } from '../parts/local-time.ts';
import { Page } from '../parts/page.tsx';
import { useDirectory, type DirectoryParty } from '../registry/directory.ts';
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
  if (reviewers.length === 0) return <p className="soft">Nobody sits on the panel yet.</p>;
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Reviewer</th>
            <th scope="col">Reads</th>
            <th scope="col">Term</th>
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
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const yearMs = 365 * 86_400_000;

function SeatForm(): ReactNode {
  const keep = useKeepInvite();
  const [termUntil, setTermUntil] = useState(dayOf(new Date(Date.now() + yearMs)));
  const [optOut, setOptOut] = useState<readonly (typeof reasonCodes)[number][]>([]);
  const [wrong, setWrong] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    const text = textsOf(event);
    const platforms = wordsOf(text('affiliations')).map((word) => idSchema('plt').safeParse(word));
    const isWrong = platforms.some(({ success }) => !success);
    setWrong(isWrong ? 'Give the id of each platform: plt_…' : undefined);
    if (isWrong) return;
    const { code, invite } = newInviteCode();
    const countersignatures = wordsOf(text('countersignatures'));
    const input: OpInput<'panel.invite'> = {
      invite,
      languages: wordsOf(text('languages')),
      affiliations: platforms.flatMap(({ data }) => (data === undefined ? [] : [{ party: data }])),
      optOut: [...optOut],
      termUntil: toNumericDate(instantOf(termUntil)),
      ...(countersignatures.length === 0 ? {} : { countersignatures }),
    };
    void keep({ op: 'panel.invite', code, title: 'Invite of a reviewer', input });
  };
  return (
    <Form onSubmit={submit} className="panel stack">
      <h2>Invite a reviewer</h2>
      <p className="soft">The terms are published with the seat, and no call changes them.</p>
      <Field name="languages" label="Languages" about="That they read: en, de" />
      <Field
        name="affiliations"
        label="Platforms that they work for, or did"
        about="Ids. No case of these is assigned to them"
        isOptional
        error={wrong}
      />
      <Ticks
        label="Reasons whose cases are not assigned to them"
        options={reasonCodes}
        value={optOut}
        onChange={setOptOut}
        text={(code) => reasons[code].texts.en.title}
      />
      <DateChoice label="End of the term" value={termUntil} onChange={setTermUntil} />
      <Field
        name="countersignatures"
        label="Signatures of two sitting reviewers"
        about="One a line. The first three seats need none"
        rows={3}
        isOptional
      />
      <div>
        <Button type="submit" className="react-aria-Button main">
          Make the invite
        </Button>
      </div>
    </Form>
  );
}

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');
