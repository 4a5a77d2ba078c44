import { Note } from '@recourse/design';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { Button, Checkbox, Form } from 'react-aria-components';
import { isSandbox, sandboxPassphrase } from './mode.ts';
import { Field } from '../parts/field.tsx';
import { textsOf } from '../parts/form.ts';
import { canUsePasskeys, makePasskey, openByPasskey } from './passkey.ts';
import type { Person } from './person.ts';
import { forgetPasskey, unlock } from './session.ts';
import { unwrapKeys } from './wrapped-keys.ts';

interface UnlockFormProps {
  readonly person: Person;
}

/** The passphrase opens the keys, always. A passkey opens them where this browser has one. */
export function UnlockForm({ person }: UnlockFormProps): ReactNode {
  const { passkey } = person;
  const { wrong, fault, isPending, byPassphrase, byPasskey } = useUnlocking(person);
  const canAdd = useCanAdd(person);
  const [isAdding, setAdding] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    void byPassphrase(textsOf(event)('passphrase'), isAdding);
  };
  return (
    <Form className="stack" onSubmit={submit}>
      <Field
        name="passphrase"
        label="Passphrase"
        type="password"
        autoComplete="current-password"
        autoFocus
        error={wrong}
      />
      {isSandbox ? (
        <p className="soft">
          In a sandbox it is <code>{sandboxPassphrase}</code>.
        </p>
      ) : null}
      {canAdd ? (
        <Checkbox isSelected={isAdding} onChange={setAdding}>
          From now on, unlock by a passkey of this device too
        </Checkbox>
      ) : null}
      {fault === undefined ? null : <Note tone="wait" title={fault} announce />}
      <div className="row">
        <Button type="submit" className="react-aria-Button main" isPending={isPending}>
          Unlock
        </Button>
        {passkey ? (
          <>
            <Button onPress={() => void byPasskey()} isDisabled={isPending}>
              Use your passkey
            </Button>
            <Button onPress={() => void forgetPasskey(person)} isDisabled={isPending}>
              Forget the passkey
            </Button>
          </>
        ) : null}
      </div>
    </Form>
  );
}

/** Whether this person may add a passkey here. Nothing is offered where it could not work. */
function useCanAdd({ passkey }: Person): boolean {
  const [isAble, setAble] = useState(false);
  useEffect(() => {
    void canUsePasskeys().then(setAble);
  }, []);
  return isAble && !passkey;
}

function useUnlocking(person: Person) {
  const [wrong, setWrong] = useState<string>();
  const [fault, setFault] = useState<string>();
  const [isPending, setPending] = useState(false);
  const trying = async (way: () => Promise<void>): Promise<void> => {
    setWrong(undefined);
    setFault(undefined);
    setPending(true);
    await way().finally(() => setPending(false));
  };
  const byPassphrase = (passphrase: string, isAdding: boolean): Promise<void> =>
    trying(async () => {
      const open = await unwrapKeys(person.wrapped, passphrase);
      if (!open) return setWrong('This is not the passphrase of this key.');
      if (!isAdding) return unlock(person, open);
      const passkey = await makePasskey(person, passphrase);
      if (passkey) return unlock({ ...person, passkey }, open);
      setFault('No passkey was made that can unlock the desk. Unlock without it.');
    });
  const byPasskey = (): Promise<void> =>
    trying(async () => {
      const open = await openByPasskey(person);
      if (open) return unlock(person, open);
      setFault('The passkey did not answer. Type the passphrase.');
    });
  return { wrong, fault, isPending, byPassphrase, byPasskey };
}
