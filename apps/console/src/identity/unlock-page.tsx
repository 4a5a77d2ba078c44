import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { isSandbox } from './mode.ts';
import { fingerprint } from './fingerprint.ts';
import type { Person } from './person.ts';
import { actAs, forget, lockAfterMinutes, type Session } from './session.ts';
import { UnlockForm } from './unlock-form.tsx';

interface GateProps {
  readonly session: Extract<Session, { state: 'nobody' | 'locked' }>;
}

/** Page in the place of the desk while nobody acts. */
export default function Gate({ session }: GateProps): ReactNode {
  const { others } = session;
  return session.state === 'locked' ? (
    <UnlockPage person={session.person} others={others} />
  ) : (
    <NobodyPage others={others} />
  );
}

interface UnlockProps {
  readonly person: Person;
  readonly others: readonly Person[];
}

/** Stands in the place of every page while the desk is locked. */
function UnlockPage({ person, others }: UnlockProps): ReactNode {
  return (
    <main className="gate">
      <h1>The desk is locked</h1>
      <p>
        {person.label}, {person.role}, key <code>{fingerprint(person.kid)}</code>. The desk locks
        after {lockAfterMinutes} minutes without input. Drafts are kept.
      </p>
      <UnlockForm person={person} />
      <Others others={others} />
      <Forgotten />
      <h2>Is this no longer yours?</h2>
      <p>A key that was forgotten here still counts until an administrator revokes it.</p>
      <Button className="react-aria-Button danger" onPress={() => void forget(person.kid)}>
        Forget this key in this browser
      </Button>
    </main>
  );
}

/** The ways back. Nobody can read or reset a passphrase: the keys are sealed under it. */
const Forgotten = (): ReactNode => (
  <>
    <h2>Have you forgotten the passphrase?</h2>
    <p>Nobody can read it or set a new one. You come back in one of these ways:</p>
    <ul>
      <li>
        If you enrolled another browser, work there. An administrator may revoke the key of this
        one.
      </li>
      <li>
        Ask an administrator of your party for an invite as yourself, under “Keys and people”, and{' '}
        <a href="#/enrol">enrol this browser anew</a>. Your name and your rows stay yours. An
        administrator opens the journals of your platform to the new key. Drafts that only this
        browser keeps stay closed.
      </li>
      <li>
        If you are the only administrator of a platform, ask the operators of the registry to enrol
        it again. That takes seven days, in which any key of your platform can stop it.
      </li>
    </ul>
    <p>
      A <a href="#/restore">backup</a> helps who has lost a browser. It opens by the same
      passphrase.
    </p>
  </>
);

/** Nobody is chosen: who is here, and how one comes here. */
function NobodyPage({ others }: { readonly others: readonly Person[] }): ReactNode {
  return (
    <main className="gate">
      <h1>Recourse desk</h1>
      <p>
        This desk is for trust teams, reviewers and operators. Open the link of your invite in this
        browser, or paste it.
      </p>
      <p>
        <a href="#/enrol">Enrol this browser</a> or <a href="#/restore">restore a backup</a>.
        {isSandbox ? (
          <>
            {' '}
            In this sandbox, <a href="/sandbox">choose a sample person</a>.
          </>
        ) : null}
      </p>
      <Others others={others} />
    </main>
  );
}

const Others = ({ others }: { readonly others: readonly Person[] }): ReactNode =>
  others.length === 0 ? null : (
    <>
      <h2>Others in this browser</h2>
      <ul>
        {others.map(({ kid, label, role }) => (
          <li key={kid}>
            <Button onPress={() => void actAs(kid)}>
              {label}, {role}, {fingerprint(kid)}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
