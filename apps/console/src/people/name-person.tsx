import { Note } from '@recourse/design';
import type { BookContent } from '@recourse/protocol';
import { RecourseError } from '@recourse/sdk';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent, ReactNode } from 'react';
import { Button, Form, Link } from 'react-aria-components';
import { useAct } from '../answers/use-act.ts';
import { useDraft } from '../identity/draft.ts';
import { fingerprint } from '../identity/fingerprint.ts';
import { KeptMark } from '../identity/kept-mark.tsx';
import { usePerson } from '../identity/session.ts';
import { Field } from '../parts/field.tsx';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useRouteId } from '../parts/route-id.ts';
import { ClosedNames } from './colleagues.tsx';
import { faultsOfLine } from './one-line.ts';
import { memberOf, useTeam, type Member } from './team.ts';

/** What colleagues call somebody: an administrator writes it, for everybody with a trust key. */
export function NamePerson(): ReactNode {
  const holder = useRouteId();
  const { admin } = usePerson();
  const query = useTeam();
  return (
    <Page
      title="Name a person"
      about="Your colleagues with a trust key read this name. It is sealed to them: the registry cannot read it."
    >
      <Loaded query={query}>
        {(team) => {
          const member = memberOf(team, { holder });
          if (!member) return <p>Nobody of your platform has a trust key by this address.</p>;
          if (!admin) return <Note title="An administrator of your platform names people." />;
          return (
            <>
              <Keys member={member} />
              <ClosedNames team={team} />
              {team.names === 'invalid' ? null : (
                <Naming
                  key={holder}
                  member={member}
                  isAnew={team.names === 'sealed-before'}
                  readAnew={async () => void (await query.refetch())}
                />
              )}
            </>
          );
        }}
      </Loaded>
      <p>
        <Link href="/trust/people">All keys and people</Link>
      </p>
    </Page>
  );
}

const Keys = ({ member: { kids } }: { readonly member: Member }): ReactNode => (
  <>
    <p>Compare the key with that of the person, as you did when you added it.</p>
    <ul>
      {kids.map((kid) => (
        <li key={kid}>
          <code>{fingerprint(kid)}</code>
        </li>
      ))}
    </ul>
  </>
);

type People = BookContent<'names'>['people'];

/** The list with another name for one person, or none, unless another administrator named them meanwhile. */
function renamed(people: People, { holder, name: seen }: Member, name: string | undefined): People {
  const before = people.find((person) => person.holder === holder);
  if (before?.name !== seen) {
    throw new RecourseError('state-conflict', { issues: [{ path: 'name', code: 'book-changed' }] });
  }
  const others = people.filter((person) => person !== before);
  return name === undefined ? others : [...others, { holder, name }];
}

interface NamingProps {
  readonly member: Member;
  /** The list that is there does not open here: a new one begins */
  readonly isAnew: boolean;
  readonly readAnew: () => Promise<void>;
}

/** Gives the name, or takes it away. A colleague who did so meanwhile is read first. */
function useNaming({ member, isAnew, readAnew }: NamingProps, done: () => Promise<void>) {
  const { holder, kids, name: before } = member;
  const navigate = useNavigate();
  return useAct('person named', async ({ journals }, name: string | undefined) => {
    try {
      await journals.changeBook(
        'names',
        ({ people }) => ({ people: renamed(people, member, name) }),
        { anew: isAnew },
      );
    } catch (error) {
      await readAnew();
      throw error;
    }
    await done();
    await navigate({ to: '/trust/people' });
    return { whom: before ?? `the key ${fingerprint(kids[0] ?? holder)}`, name };
  });
}

function Naming(props: NamingProps): ReactNode {
  const { member, isAnew } = props;
  const draft = useDraft(`name/${member.holder}`, { name: member.name ?? '' });
  const act = useNaming(props, async () => draft?.drop());
  if (!draft) return null;
  const { name } = draft.value;
  const own = faultsOfLine('name', name.trim());
  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (name.trim() !== '' && own['name'] === undefined) act.mutate(name.trim());
  };
  return (
    <FormFaults error={act.error} own={own}>
      <Form onSubmit={save} className="stack">
        <Now name={member.name} />
        <Field
          name="name"
          label="Name"
          about="As colleagues call this person: up to 80 characters."
          most={80}
          value={name}
          onChange={(typed) => void draft.change({ name: typed })}
        />
        <FormProblem />
        {isAnew ? (
          <p>
            Nobody reads the names of before any more once you begin a new list. Begin one only if
            no administrator who can open them is left.
          </p>
        ) : null}
        <div className="row">
          <Button
            type="submit"
            className={`react-aria-Button ${isAnew ? 'danger' : 'main'}`}
            isPending={act.isPending}
          >
            {isAnew ? 'Begin a new list with this name' : 'Save the name'}
          </Button>
          {member.name === undefined ? null : (
            <Button isPending={act.isPending} onPress={() => act.mutate(undefined)}>
              Take the name away
            </Button>
          )}
          <KeptMark kept={draft.kept} />
        </div>
      </Form>
    </FormFaults>
  );
}

const Now = ({ name }: { readonly name: string | undefined }): ReactNode =>
  name === undefined ? null : (
    <p>
      Named{' '}
      <strong>
        <bdi>{name}</bdi>
      </strong>{' '}
      now.
    </p>
  );
