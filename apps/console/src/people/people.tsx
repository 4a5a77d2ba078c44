import { Note, Status, When } from '@recourse/design';
import {
  idSchema,
  openEnrolment,
  peekArtefact,
  keyStatementSchema,
  type KeyLink,
  type OpOutput,
} from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import type { ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { backupName, backupOf } from '../identity/backup.ts';
import { download } from '../parts/download.ts';
import { fingerprint } from '../identity/fingerprint.ts';
import { usePerson } from '../identity/session.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useAct } from '../answers/use-act.ts';
import { useRead } from '../registry/calls.ts';
import { memberOf, useSealingToNewcomers, useTeam, type Member } from './team.ts';
import { Away } from './away.tsx';
import { ClosedNames, Colleagues, OwnName } from './colleagues.tsx';
import { Inviting } from './inviting.tsx';
import { Notifying } from './notifying.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { Who } from './who.tsx';

/** Keys of the party, enrolments that wait, and invites: for administrators. */
export function People(): ReactNode {
  const person = usePerson();
  const { admin, kid, role } = person;
  return (
    <Page title="Keys and people">
      <div className="stack">
        <div className="row spaced">
          <span>
            Your key is <code>{fingerprint(kid)}</code>.
          </span>
          <Button onPress={() => download(backupOf(person), backupName(person))}>
            Download its backup
          </Button>
        </div>
        {role === 'trust' ? <OwnName /> : null}
        {admin ? (
          <Administration />
        ) : (
          <>
            <Note title="An administrator of your party adds and revokes keys." />
            {role === 'trust' ? <Colleagues /> : null}
          </>
        )}
        {role === 'trust' ? <OpeningNote /> : null}
        {role === 'trust' ? <Away /> : null}
        {role === 'support' ? null : <Notifying />}
      </div>
    </Page>
  );
}

/** A new key opens nothing that was sealed before it. */
const OpeningNote = (): ReactNode => (
  <p>
    Whoever got a key later reads names within a minute, and nothing of the records of before until
    somebody who can <Link href="/trust/opening">opens the records to colleagues</Link>.
  </p>
);

/** Fingerprints stand beside a name, where there is one. */
const namedKey = (member: Member | undefined, kid: string): string =>
  member?.name === undefined ? fingerprint(kid) : `${fingerprint(kid)} of ${member.name}`;

/** Who has no name is led there already. */
const ChangeName = ({ member: { holder, name } }: { readonly member: Member }): ReactNode =>
  name === undefined ? null : (
    <Link href={`/trust/people/${holder}`} aria-label={`Change the name ${name}`}>
      Change
    </Link>
  );

function Administration(): ReactNode {
  const query = useRead('keys.list', {}, { everyMs: 10_000 });
  const { data: team } = useTeam();
  useSealingToNewcomers();
  return (
    <Loaded query={query}>
      {({ keys, waiting }) => (
        <div className="stack">
          <Waiting waiting={waiting} />
          <h2>Keys</h2>
          {team ? <ClosedNames team={team} /> : null}
          <div className="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">Key</th>
                  <th scope="col">Person</th>
                  <th scope="col">Added</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {keys.map((key) => (
                  <KeyRow key={key.kid} link={key} />
                ))}
              </tbody>
            </table>
          </div>
          <Inviting />
        </div>
      )}
    </Loaded>
  );
}

type WaitingKey = OpOutput<'keys.list'>['waiting'][number];

function Waiting({ waiting }: { readonly waiting: readonly WaitingKey[] }): ReactNode {
  const act = useAct('key added', addWaiting);
  if (waiting.length === 0) return null;
  return (
    <section className="panel stack">
      <h2>Waiting for you</h2>
      <p>
        Have the person read you their key. Add it only if it is the same: it then signs for your
        party.
      </p>
      <Problem error={act.error} />
      {waiting.map((key) => (
        <div key={key.kid} className="row">
          <code>{fingerprint(key.kid)}</code>
          <span>
            {key.role}
            {key.admin ? ', administrator' : ''}, enrolled <When at={key.enrolledAt} deadline />
          </span>
          <Button isPending={act.isPending} onPress={() => act.mutate(key)}>
            It is the same: add it
          </Button>
        </div>
      ))}
    </section>
  );
}

/** The registry says which key waits; the enrolment says so itself, signed by that key. */
async function addWaiting(recourse: Recourse, key: WaitingKey) {
  const { jwk } = await openEnrolment(key.enrolment, { audience: recourse.session.origin });
  const { role, admin } = key;
  const holder = idSchema('hld').parse(key.holder);
  const { activeFrom } = await recourse.addKey({ jwk, holder, role, admin });
  return { whom: fingerprint(key.kid), activeFrom };
}

function KeyRow({ link }: { readonly link: KeyLink }): ReactNode {
  const { kid, addedAt, revoked } = link;
  const own = usePerson().kid === kid;
  const { data: team } = useTeam();
  const member = memberOf(team, { kid });
  return (
    <tr>
      <td>
        <code>{fingerprint(kid)}</code> {own ? '(this browser)' : ''}
      </td>
      <td>
        {member ? (
          <>
            <Who who={{ kid }} isKeyThere /> <ChangeName member={member} />
            <br />
          </>
        ) : null}
        <code>{holderOf(link)}</code>
      </td>
      <td>
        <When at={addedAt} />
      </td>
      <td>
        {revoked ? (
          <Status tone="quiet">Revoked: {revoked.why}</Status>
        ) : (
          <div className="row">
            <Status tone="good">Active</Status>
            {own ? null : <RevokeKey kid={kid} whom={namedKey(member, kid)} />}
          </div>
        )}
      </td>
    </tr>
  );
}

/** The first key of a party has an enrolment, and every other a statement that names its holder. */
function holderOf({ statement }: KeyLink): string {
  try {
    const read = { typ: 'recourse-key+jwt', schema: keyStatementSchema } as const;
    const { holder, role, admin } = peekArtefact(statement, read).payload;
    return `${holder}, ${role}${admin ? ', administrator' : ''}`;
  } catch {
    return 'first key, administrator';
  }
}
