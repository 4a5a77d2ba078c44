import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, FileTrigger, Form } from 'react-aria-components';
import { Field } from '../parts/field.tsx';
import { textsOf } from '../parts/form.ts';
import { restore } from './backup.ts';
import { addPerson } from './session.ts';

/** Brings a person from a backup into this browser. */
export function RestorePage(): ReactNode {
  const navigate = useNavigate();
  const [file, setFile] = useState<File>();
  const [wrong, setWrong] = useState<string>();
  const [isPending, setPending] = useState(false);
  const open = async (passphrase: string): Promise<void> => {
    if (!file) return;
    setPending(true);
    const person = await restore(await file.text(), passphrase);
    setPending(false);
    if (!person) {
      setWrong('This passphrase does not open this file. Check both.');
      return;
    }
    await addPerson(person);
    await navigate({ to: '/', replace: true });
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    void open(textsOf(event)('passphrase'));
  };
  return (
    <main className="gate">
      <h1>Restore a backup</h1>
      <Form className="stack" onSubmit={submit}>
        <div className="row">
          <FileTrigger
            acceptedFileTypes={['application/json']}
            onSelect={(list) => setFile(list?.[0])}
          >
            <Button>Choose the backup</Button>
          </FileTrigger>
          <span>{file?.name ?? 'A file named recourse-key-….json'}</span>
        </div>
        <Field
          name="passphrase"
          label="Its passphrase"
          type="password"
          autoComplete="current-password"
          error={wrong}
        />
        <div>
          <Button
            type="submit"
            className="react-aria-Button main"
            isDisabled={!file}
            isPending={isPending}
          >
            Restore
          </Button>
        </div>
      </Form>
    </main>
  );
}
