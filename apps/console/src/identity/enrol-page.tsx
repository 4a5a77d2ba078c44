import { Note } from '@recourse/design';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { Button, Form, Link } from 'react-aria-components';
import { isSandbox, sandboxPassphrase } from './mode.ts';
import { Field } from '../parts/field.tsx';
import { textsOf } from '../parts/form.ts';
import { Problem } from '../parts/problem.tsx';
import { enrolBrowser, enrolledHere, readInvite } from './enrolment.ts';
import { actAs, addPerson } from './session.ts';
import { fewestCharacters } from './wrapped-keys.ts';

/** `#/enrol?invite=…`: makes the key of a person in this browser. In a sandbox the link alone does it, and names them. */
export function EnrolPage(): ReactNode {
  const search: { readonly invite?: unknown; readonly name?: unknown } = useSearch({
    strict: false,
  });
  const invite = typeof search.invite === 'string' ? search.invite : '';
  const label = typeof search.name === 'string' ? search.name.slice(0, 60) : 'Sample person';
  const [error, setError] = useState<unknown>();
  const enrolling = useEnrolling(setError);
  const started = useRef(false);
  useEffect(() => {
    if (!isSandbox || invite === '' || started.current) return;
    started.current = true;
    void enrolling.run({ text: invite, label, passphrase: sandboxPassphrase, isSample: true });
  }, [invite, label, enrolling]);
  return (
    <main className="gate">
      <h1>Enrol this browser</h1>
      <p>
        Your key is made here and signs here. It never leaves this browser, except as a backup that
        only your passphrase opens.
      </p>
      <Problem error={error} />
      {isSandbox && invite !== '' && error === undefined ? (
        <p className="waiting" role="status">
          Making a key
        </p>
      ) : (
        <EnrolForm invite={invite} isPending={enrolling.isPending} run={enrolling.run} />
      )}
      <p>
        <Link href="/restore">Restore a backup instead</Link>
      </p>
    </main>
  );
}

interface Order {
  readonly text: string;
  readonly label: string;
  readonly passphrase: string;
  /** By a click at `/sandbox`, not by the form */
  readonly isSample?: true;
}

function useEnrolling(setError: (error: unknown) => void) {
  const navigate = useNavigate();
  const [isPending, setPending] = useState(false);
  const run = async (order: Order): Promise<void> => {
    setPending(true);
    setError(undefined);
    try {
      const invite = readInvite(order.text);
      const known =
        invite && (await enrolledHere(invite, order.isSample ? order.label : undefined));
      if (known) await actAs(known.kid);
      else await addPerson(await enrolBrowser(order));
      // The invite leaves the address bar and its history with this.
      await navigate({ to: '/welcome', replace: true });
    } catch (error) {
      setError(error);
    } finally {
      setPending(false);
    }
  };
  return { run, isPending };
}

interface EnrolFormProps {
  readonly invite: string;
  readonly isPending: boolean;
  readonly run: (order: Order) => Promise<void>;
}

function EnrolForm({ invite, isPending, run }: EnrolFormProps): ReactNode {
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    const text = textsOf(event);
    const faults = faultsIn({
      text: text('invite'),
      once: text('passphrase'),
      twice: text('again'),
    });
    setWrong(faults);
    if (Object.keys(faults).length > 0) return;
    void run({ text: text('invite'), label: text('label').trim(), passphrase: text('passphrase') });
  };
  const read = readInvite(invite);
  return (
    <Form className="stack" onSubmit={submit}>
      {read ? (
        <Note>
          This invite makes you <strong>{read.role}</strong>
          {read.admin ? ', with the rights of an administrator,' : ''} of {read.party} at{' '}
          {read.origin}.
        </Note>
      ) : null}
      <Field
        name="invite"
        label="Invite"
        start={invite}
        rows={3}
        error={wrong['invite']}
        about="An administrator of your platform hands it to you. It works once."
      />
      <Field
        name="label"
        label="Your name"
        most={60}
        about="Shown by this desk. It stays in this browser."
      />
      <Field
        name="passphrase"
        label="Passphrase"
        type="password"
        autoComplete="new-password"
        error={wrong['passphrase']}
        about={`At least ${fewestCharacters} characters. It unlocks the desk and opens your backup. Nobody can reset it.`}
      />
      <Field
        name="again"
        label="The same passphrase again"
        type="password"
        autoComplete="new-password"
        error={wrong['again']}
      />
      <div>
        <Button type="submit" className="react-aria-Button main" isPending={isPending}>
          {isPending ? 'Making your key' : 'Make my key'}
        </Button>
      </div>
    </Form>
  );
}

function faultsIn(typed: { text: string; once: string; twice: string }): Record<string, string> {
  const faults: Record<string, string> = {};
  if (!readInvite(typed.text)) {
    faults['invite'] =
      'This is no invite. Copy the whole link, or the whole text from recourse-invite-1 on.';
  }
  if (typed.once.length < fewestCharacters) {
    faults['passphrase'] = `Take at least ${fewestCharacters} characters: four words, for example.`;
  }
  if (typed.once !== typed.twice) faults['again'] = 'This is not the same passphrase.';
  return faults;
}
