import { inputIssues, registrationSchema, type Registration } from '@recourse/protocol';
import { RecourseError } from '@recourse/sdk';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Checkbox, Form } from 'react-aria-components';
import { newInviteCode } from '../identity/invite-code.ts';
import { Choice } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { textsOf } from '../parts/form.ts';
import { Page } from '../parts/page.tsx';
import { useKeepInvite, useWaitingInvites, Waiting } from './waiting-invite.tsx';

const legalBases = registrationSchema.shape.legalBasis.options;
type LegalBasis = (typeof legalBases)[number];

/** From a form to the invite of a platform's first administrator. */
export function InvitePlatform(): ReactNode {
  const { data: waiting = [] } = useWaitingInvites('platforms.register');
  return (
    <Page
      title="Let a platform in"
      about="You propose, another operator agrees, and its first administrator enrols with the invite. Members may object for 14 days."
    >
      <div className="stack">
        {waiting.map((one) => (
          <Waiting key={one.input.invite} waiting={one} />
        ))}
        <RegistrationForm />
      </div>
    </Page>
  );
}

interface StatedField {
  readonly name: string;
  readonly label: string;
  readonly about?: string;
  readonly type?: 'email' | 'number';
  readonly rows?: number;
  readonly start?: string;
  readonly isOptional?: boolean;
}

/** Statements of a platform about itself. */
const statedFields: readonly StatedField[] = [
  { name: 'name', label: 'Legal name' },
  {
    name: 'domain',
    label: 'Domain',
    about: 'Where it publishes a DNS record: acme.example',
  },
  { name: 'jurisdiction', label: 'Country of its seat', about: 'Two letters: DE' },
  {
    name: 'group',
    label: 'Group',
    about: 'Platforms of one owner have one, and count as one. Letters a to z, 0 to 9 and -',
  },
  {
    name: 'owners',
    label: 'Owners above 10 %',
    about: 'One a line: Acme Holding = 80',
    rows: 2,
    isOptional: true,
  },
  { name: 'policies', label: 'Published policies', about: 'One https address a line', rows: 2 },
  {
    name: 'contacts.complaints',
    label: 'Where creators complain',
    type: 'email',
  },
  {
    name: 'contacts.dataProtection',
    label: 'Contact for data protection',
    type: 'email',
  },
  { name: 'language', label: 'Language', about: 'Two letters: en', start: 'en' },
  {
    name: 'signupsPerDay',
    label: 'Signups a day',
    type: 'number',
    about: 'Its checks are measured by it; 1,000 where it says nothing',
    isOptional: true,
  },
];

function RegistrationForm(): ReactNode {
  const keep = useKeepInvite();
  const [legalBasis, setLegalBasis] = useState<LegalBasis>('none');
  const [isPrivate, setPrivate] = useState(false);
  const [isCheckOnly, setCheckOnly] = useState(false);
  const [error, setError] = useState<RecourseError>();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    const form = event.currentTarget;
    const read = registrationSchema.safeParse({
      ...registrationOf(textsOf(event)),
      legalBasis,
      checkOnly: isCheckOnly,
    });
    if (!read.success) {
      setError(new RecourseError('invalid-input', { issues: inputIssues(read.error) }));
      return;
    }
    setError(undefined);
    const { code, invite } = newInviteCode();
    const input = { registration: read.data, invite };
    void keep({ op: 'platforms.register', code, title: read.data.name, input });
    form.reset();
  };
  return (
    <FormFaults error={error}>
      <Form onSubmit={submit} className="panel stack">
        <h2>Registration</h2>
        <p className="soft">What the platform says of itself. All of it is published.</p>
        {statedFields.map((field) => (
          <Field key={field.name} {...field} />
        ))}
        <Checkbox isSelected={isPrivate} onChange={setPrivate}>
          <span>I looked: no state owns or directs it</span>
        </Checkbox>
        <Choice
          name="legalBasis"
          label="Legal basis for data on offences"
          options={legalBases}
          value={legalBasis}
          onChange={setLegalBasis}
        />
        <Checkbox isSelected={isCheckOnly} onChange={setCheckOnly}>
          <span>It only checks, and submits nothing</span>
        </Checkbox>
        <FormProblem />
        <div>
          <Button type="submit" className="react-aria-Button main" isDisabled={!isPrivate}>
            Make the invite
          </Button>
          {isPrivate ? null : (
            <p className="soft small">A body that a state owns or directs has no place here.</p>
          )}
        </div>
      </Form>
    </FormFaults>
  );
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Reads the form; the schema judges it. */
function registrationOf(
  text: (name: string) => string,
): Omit<Registration, 'legalBasis' | 'checkOnly'> {
  const signups = text('signupsPerDay');
  return {
    name: text('name').trim(),
    domain: text('domain').trim().toLowerCase(),
    jurisdiction: text('jurisdiction').trim().toUpperCase(),
    group: text('group').trim(),
    owners: linesOf(text('owners')).map(ownerOf),
    stateOwned: false,
    policies: linesOf(text('policies')),
    contacts: {
      complaints: text('contacts.complaints'),
      dataProtection: text('contacts.dataProtection'),
    },
    language: text('language').trim(),
    ...(signups === '' ? {} : { signupsPerDay: Number(signups) }),
  };
}

function ownerOf(line: string): Registration['owners'][number] {
  const at = line.lastIndexOf('=');
  return { name: line.slice(0, at).trim(), percent: Number(line.slice(at + 1)) };
}
