import { Note } from '@recourse/design';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { canNotify, notifyNobody, notifyOf, useNotifies } from '../identity/notifying.ts';
import { lockAfterMinutes, usePerson } from '../identity/session.ts';

/** Turns the notifications of this browser on and off, for the acting person alone. */
export function Notifying(): ReactNode {
  const { kid } = usePerson();
  const isOn = useNotifies(kid);
  const [isRefused, setIsRefused] = useState(false);
  const turnOn = async (): Promise<void> => setIsRefused(!(await notifyOf(kid)));
  return (
    <section className="panel stack">
      <h2>Notifications in this browser</h2>
      <p>
        Your browser can say “You have work” when something new waits while you look elsewhere. It
        says nothing else. This works while the desk is open in a tab and unlocked: it locks after{' '}
        {lockAfterMinutes} minutes that nobody touches it.
      </p>
      {canNotify ? null : <Note title="This browser shows no notifications." />}
      {isRefused && !isOn ? (
        <Note tone="bad" title="Your browser does not allow this desk to notify you." announce>
          <p>Allow notifications for this page in its settings. Then press the button again.</p>
        </Note>
      ) : null}
      {canNotify ? (
        <div className="row">
          <span role="status">
            {isOn ? 'On, for your key in this browser.' : 'Off in this browser.'}
          </span>
          {isOn ? (
            <Button onPress={() => notifyNobody(kid)}>Turn notifications off</Button>
          ) : (
            <Button onPress={() => void turnOn()}>Turn notifications on</Button>
          )}
        </div>
      ) : null}
    </section>
  );
}
