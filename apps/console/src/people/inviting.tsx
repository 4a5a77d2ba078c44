import { encodeInvite, idSchema, partyKind, rolesOf, type Role } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useAct } from '../answers/use-act.ts';
import { fingerprint } from '../identity/fingerprint.ts';
import { enrolLink, newInviteCode } from '../identity/invite-code.ts';
import type { OpenPerson } from '../identity/person.ts';
import { usePerson } from '../identity/session.ts';
import { Choice, Radios } from '../parts/choice.tsx';
import { Copied } from '../parts/copied.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Problem } from '../parts/problem.tsx';
import { words } from '../parts/words.ts';
import { useAsked } from '../registry/calls.ts';
import { memberOf, useTeam } from './team.ts';

/** Somebody who has, or had, a key of the own party. */
interface Known {
  readonly holder: string;
  /** Their newest key */
  readonly kid: string;
  readonly role: Role;
  readonly admin: boolean;
}

/** An invite for somebody new, or for another browser of somebody who is here. */
export function Inviting(): ReactNode {
  const { party } = usePerson();
  const query = useAsked(['known-people'], ({ session }) => readKnown(session, party));
  return (
    <section className="panel stack">
      <h2>Invite somebody</h2>
      <Loaded query={query}>{(known) => <InviteForm known={known} />}</Loaded>
    </section>
  );
}

async function readKnown({ parties }: Recourse['session'], party: string): Promise<Known[]> {
  const keys = await parties.keys(party, { anew: true });
  const newest = new Map(keys.map((key) => [key.holder, key]));
  return [...newest.values()].map(({ holder, kid, role, admin }) => ({ holder, kid, role, admin }));
}

const somebodyNew = 'new';

function InviteForm({ known }: { readonly known: readonly Known[] }): ReactNode {
  const person = usePerson();
  const kind = partyKind(person.party);
  const nameOf = useNames(known);
  const [whom, setWhom] = useState<string>();
  const [role, setRole] = useState<Role>(person.role);
  const [as, setAs] = useState<'member' | 'administrator'>('member');
  const [link, setLink] = useState<string>();
  const act = useAct('person invited', async (recourse) => {
    const holder = whom === somebodyNew ? undefined : whom;
    const made = await invite(recourse, person, { role, admin: as === 'administrator', holder });
    setLink(enrolLink(made.text));
    const kindOfKey = `${as === 'member' ? 'a member' : 'an administrator'}, ${words(role)}`;
    return {
      whom: holder === undefined ? kindOfKey : `${nameOf(holder)}, as ${kindOfKey}`,
      ...made,
    };
  });
  const chooseWhom = (choice: string): void => {
    setWhom(choice);
    const there = known.find(({ holder }) => holder === choice);
    if (!there) return;
    setRole(there.role);
    setAs(there.admin ? 'administrator' : 'member');
  };
  if (link !== undefined) return <InviteLink link={link} onNext={() => setLink(undefined)} />;
  // A reviewer is new by two operators, who ask for a term and employers.
  const whoms = [...(kind === 'panel' ? [] : [somebodyNew]), ...known.map(({ holder }) => holder)];
  return (
    <>
      <p>
        Somebody who has another browser, or has lost a browser or its passphrase, gets an invite as
        themselves: their name, their rows and their decisions stay theirs. Revoke what they lost.
      </p>
      <Choice label="Whom" options={whoms} value={whom} onChange={chooseWhom} text={nameOf} />
      <Choice label="Role" options={rolesOf[kind]} value={role} onChange={setRole} text={words} />
      <Radios label="As" options={['member', 'administrator']} value={as} onChange={setAs} />
      <Problem error={act.error} />
      <div>
        <Button
          isPending={act.isPending}
          isDisabled={whom === undefined}
          onPress={() => act.mutate(undefined)}
        >
          Make an invite
        </Button>
      </div>
    </>
  );
}

/** How each choice is called: by name where there is one, and by the newest key. */
function useNames(known: readonly Known[]): (choice: string) => string {
  const { data: team } = useTeam();
  const { kid: own } = usePerson();
  return (choice) => {
    const there = known.find(({ holder }) => holder === choice);
    if (!there) return 'Somebody new';
    const name = memberOf(team, { holder: choice })?.name;
    const key = `key ${fingerprint(there.kid)}`;
    const text = name === undefined ? `Whoever has the ${key}` : `${name}, ${key}`;
    return there.kid === own ? `${text} (you)` : text;
  };
}

interface LinkProps {
  readonly link: string;
  readonly onNext: () => void;
}

const InviteLink = ({ link, onNext }: LinkProps): ReactNode => (
  <>
    <p>Hand this link to that person, in private. It works once.</p>
    <Copied what="link" text={link} />
    <div>
      <Button onPress={onNext}>Invite somebody else</Button>
    </div>
  </>
);

interface Invited {
  readonly role: Role;
  readonly admin: boolean;
  /** Of somebody who is here */
  readonly holder: string | undefined;
}

async function invite(
  recourse: Recourse,
  { party, registry }: OpenPerson,
  { role, admin, holder }: Invited,
): Promise<{ readonly text: string; readonly expiresAt: string }> {
  const { code, invite: hash } = newInviteCode();
  const { expiresAt } = await recourse.people.invite({
    invite: hash,
    role,
    admin,
    ...(holder === undefined ? {} : { holder: idSchema('hld').parse(holder) }),
  });
  const { origin, logKid, policy } = registry;
  const text = encodeInvite({ origin, code, party, role, admin, logKey: logKid, policy });
  return { text, expiresAt };
}
