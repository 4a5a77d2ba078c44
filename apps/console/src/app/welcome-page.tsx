import { Facts, Note } from '@recourse/design';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'react-aria-components';
import { isSandbox } from '../identity/mode.ts';
import { Problem } from '../parts/problem.tsx';
import { useRecourse } from '../registry/calls.ts';
import { isRecourseError, type Recourse } from '@recourse/sdk';
import { backupName, backupOf } from '../identity/backup.ts';
import { fingerprint } from '../identity/fingerprint.ts';
import { download } from '../parts/download.ts';
import type { OpenPerson } from '../identity/person.ts';
import { usePerson } from '../identity/session.ts';

/** After enrolment: the backup, and the wait for an administrator who adds the key. */
export function WelcomePage(): ReactNode {
  const person = usePerson();
  const recourse = useRecourse();
  const navigate = useNavigate();
  const [isKept, setKept] = useState(isSandbox);
  const { data: isActive = false, error } = useQuery({
    queryKey: [person.kid, 'active'],
    queryFn: () => isKeyActive(recourse, person),
    // The SDK keeps the chain for 5 s, so the registry is not asked each time.
    refetchInterval: ({ state }) => (state.data === true ? false : 1_000),
  });
  useEffect(() => {
    if (isActive && isKept) void navigate({ to: '/', replace: true });
  }, [isActive, isKept, navigate]);
  return (
    <>
      <h1>Your key</h1>
      <Facts
        facts={{
          Key: <code>{fingerprint(person.kid)}</code>,
          Role: person.role,
          Holder: <code>{person.holder}</code>,
        }}
      />
      <Backup person={person} isKept={isKept} onKept={() => setKept(true)} />
      <h2>Added by an administrator</h2>
      {isActive ? (
        <Note tone="good" title="The key is active." />
      ) : (
        <Note tone="wait" title="Waiting for an administrator of your party" announce>
          Read them the key above. They compare it with what they see, and add it. This page
          notices.
        </Note>
      )}
      <Problem error={error} />
    </>
  );
}

interface BackupProps {
  readonly person: OpenPerson;
  readonly isKept: boolean;
  readonly onKept: () => void;
}

const Backup = ({ person, isKept, onKept }: BackupProps): ReactNode => (
  <>
    <h2>Keep a backup</h2>
    <p>
      If this browser loses its data, only the backup and your passphrase bring the key back. The
      file is useless without the passphrase.
    </p>
    <div className="row">
      <Button
        className="react-aria-Button main"
        onPress={() => {
          download(backupOf(person), backupName(person));
          onKept();
        }}
      >
        Download the backup
      </Button>
      {isKept ? null : <Button onPress={onKept}>Go on without one</Button>}
    </div>
  </>
);

/** Whether the chain of the party has this key: an administrator stated it. */
async function isKeyActive(recourse: Recourse, { party, kid }: OpenPerson): Promise<boolean> {
  try {
    await recourse.session.parties.key(party, kid, { anew: true });
    return true;
  } catch (error) {
    if (isRecourseError(error, 'chain-invalid')) return false;
    throw error;
  }
}
