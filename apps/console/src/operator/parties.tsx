import { Facts, Note, Status, When } from '@recourse/design';
import type { Registration } from '@recourse/protocol';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { List } from '../parts/list.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { sentence, words } from '../parts/words.ts';
import { useShown } from '../registry/lists.ts';
import { ActForm } from './act-form.tsx';
import { platformActs } from './acts.ts';
import { concernsOf, useDirectory, type DirectoryParty } from '../registry/directory.ts';

/** Every platform, and what somebody has to look at. */
export function Parties(): ReactNode {
  const query = useDirectory();
  const platforms = query.data?.filter(({ kind }) => kind === 'platform');
  const list = useShown({ ...query, data: platforms });
  return (
    <Page
      title="Platforms"
      about="As everybody reads them at /parties."
      actions={<Link href="/operator/invite">Let a platform in</Link>}
    >
      <List
        list={list}
        empty="No platform is registered yet."
        idOf={({ id }) => id}
        columns={['Platform', 'State', 'Group', 'To look at']}
      >
        {(party) => <PartyCells party={party} />}
      </List>
    </Page>
  );
}

const PartyCells = ({ party }: { readonly party: DirectoryParty }): ReactNode => {
  const concerns = concernsOf(party);
  return (
    <>
      <td>
        <Link href={`/operator/parties/${party.id}`}>
          <bdi>{party.name}</bdi>
        </Link>
      </td>
      <td>{sentence(party.membership?.state ?? 'unknown')}</td>
      <td>{currentGroup(party)}</td>
      <td>
        {concerns.length === 0 ? 'Nothing' : <Status tone="wait">{concerns.join(', ')}</Status>}
      </td>
    </>
  );
};

const currentGroup = ({ membership }: DirectoryParty): string =>
  membership?.groups
    .filter(({ until }) => until === undefined)
    .map(({ group }) => group)
    .join(', ') ?? '';

/** One platform: what it says of itself, how it stands, and what operators may do. */
export function Party(): ReactNode {
  const { id = '' } = useParams({ strict: false });
  const query = useDirectory();
  return (
    <Loaded query={query}>
      {(all) => {
        const party = all.find((one) => one.id === id);
        return party ? (
          <Page title={party.name} about={<code>{party.id}</code>}>
            <Described party={party} />
            <p className="soft">
              Each act below is published. All but lower bounds take two operators: you propose, and
              another one signs the same within 72 hours.
            </p>
            <div className="stack">
              {platformActs.map((act) => (
                <ActForm key={act.op} act={act} known={{ party: id }} />
              ))}
            </div>
          </Page>
        ) : (
          <Page title="There is no such platform">
            <p>
              <Link href="/operator/parties">All platforms</Link>
            </p>
          </Page>
        );
      }}
    </Loaded>
  );
}

function Described({ party }: { readonly party: DirectoryParty }): ReactNode {
  const { registration, membership, recalls, limits, enabledReasons } = party;
  const concerns = concernsOf(party);
  return (
    <>
      {concerns.length === 0 ? null : (
        <Note tone="wait" title="To look at">
          <ul>
            {concerns.map((concern) => (
              <li key={concern}>{sentence(concern)}</li>
            ))}
          </ul>
        </Note>
      )}
      <Facts
        facts={{
          ...(membership ? membershipFacts(membership) : {}),
          ...(registration ? registrationFacts(registration) : {}),
          Group: currentGroup(party),
          'Recalls open, overdue': `${recalls.open}, ${recalls.overdue}`,
          'Records a day': limits.submissionsPerDay ?? 'as declared',
          'Identifiers a day': limits.elementsPerDay ?? 'as declared',
          'Reasons enabled': enabledReasons.join(', ') || 'those that name no offence',
        }}
      />
    </>
  );
}

const membershipFacts = ({
  state,
  objections,
  objectionsUntil,
  probationUntil,
}: NonNullable<DirectoryParty['membership']>): Record<string, ReactNode> => ({
  State: sentence(state),
  'Objections until': objectionsUntil && <When at={objectionsUntil} deadline />,
  Objections: objections.map(({ by, ground }) => `${by}: ${words(ground)}`).join('; ') || undefined,
  'Probation until': probationUntil && <When at={probationUntil} />,
});

const registrationFacts = ({
  domain,
  owners,
  contacts,
  legalBasis,
}: Registration): Record<string, ReactNode> => ({
  Domain: <code>{domain}</code>,
  Owners:
    owners.map(({ name, percent }) => `${name} (${percent} %)`).join(', ') || 'none above 10 %',
  Complaints: contacts.complaints,
  'Data protection': contacts.dataProtection,
  'Legal basis': words(legalBasis),
});
