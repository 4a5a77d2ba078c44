import { Facts, Note, Status, When } from '@recourse/design';
import type { OpOutput } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { List } from '../parts/list.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { counted, sentence, words } from '../parts/words.ts';
import { useAsked, useRead } from '../registry/calls.ts';
import { useRows } from '../registry/pages.ts';
import { Alerts } from './alerts.tsx';
import { concernsOf, useDirectory, type DirectoryParty } from '../registry/directory.ts';

const freshMs = 15_000;

/** How the registry is: alarms, parties to look at, its log, and how much there is of everything. */
export function Health(): ReactNode {
  return (
    <Page title="Health" about="Read anew every 15 seconds.">
      <div className="stack">
        <Alerts everyMs={freshMs} />
        <Alarms />
        <Concerns />
        <Log />
        <Counts />
      </div>
    </Page>
  );
}

type Alarm = OpOutput<'registry.alarms'>['alarms'][number];

function Alarms(): ReactNode {
  const list = useRows(
    { op: 'registry.alarms', input: {}, rowsOf: ({ alarms }) => alarms },
    { everyMs: freshMs },
  );
  return (
    <section>
      <h2>Alarms</h2>
      <List
        list={list}
        empty="There was none."
        idOf={({ at, kind }) => `${at} ${kind}`}
        columns={['When', 'Alarm', 'Counted', 'State']}
      >
        {(alarm) => <AlarmCells alarm={alarm} />}
      </List>
    </section>
  );
}

const AlarmCells = ({
  alarm: { at, kind, counts, party, explained },
}: {
  readonly alarm: Alarm;
}) => (
  <>
    <td>
      <When at={at} deadline />
    </td>
    <td>{sentence(kind)}</td>
    <td>
      {Object.entries(counts)
        .map(([name, count]) => `${words(name)} ${count}`)
        .join(', ')}
    </td>
    <td>
      {explained ? (
        <Status tone="quiet">{sentence(explained.as)}</Status>
      ) : party ? (
        <Link href={`/operator/parties/${party}`}>Checks are stopped: find the cause</Link>
      ) : (
        <Status tone="wait">Open</Status>
      )}
    </td>
  </>
);

function Concerns(): ReactNode {
  const query = useDirectory(freshMs);
  return (
    <section>
      <h2>Platforms to look at</h2>
      <Loaded
        query={query}
        empty={{
          when: (all) => all.every((party) => concernsOf(party).length === 0),
          text: 'None: no recall is overdue, and nobody is suspended.',
        }}
      >
        {(all) => (
          <ul>
            {all
              .map((party) => ({ party, concerns: concernsOf(party) }))
              .filter(({ concerns }) => concerns.length > 0)
              .map(({ party, concerns }) => (
                <li key={party.id}>
                  <Link href={`/operator/parties/${party.id}`}>
                    <bdi>{party.name}</bdi>
                  </Link>
                  : {concerns.join(', ')}
                  {party.recalls.overdue > 0 ? <Reminder party={party} /> : null}
                </li>
              ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

/** The contact of a platform that is late, in a letter that the operator sends by their own mail. */
function Reminder({ party: { name, registration, recalls } }: { readonly party: DirectoryParty }) {
  const address = registration?.contacts.complaints;
  if (address === undefined) return null;
  const subject = `${name}: recalls are overdue`;
  const body = `${counted(recalls.overdue, 'recall of yours is', 'recalls of yours are')} overdue. Undo or pause what each names, and acknowledge it at your desk, under Recalls. Fourteen days after the deadline your checks stop.`;
  const query = `subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
  return (
    <>
      {'. '}
      <a href={`mailto:${address}?${query}`}>
        Remind <bdi>{address}</bdi>
      </a>
    </>
  );
}

/** The newest checkpoint, verified here as every client does. */
function Log(): ReactNode {
  const { origin } = usePerson().registry;
  const query = useAsked(['checkpoint'], ({ ledger }) => ledger.newest(), { everyMs: freshMs });
  return (
    <section>
      <h2>Public log</h2>
      {query.isError ? (
        <Note tone="bad" title="The newest checkpoint was not accepted." announce>
          <p>Run the doctor on a server, and look at the witnesses.</p>
        </Note>
      ) : (
        <Loaded query={query}>
          {({ size }) => (
            <Facts
              facts={{ Entries: size.toLocaleString(), Checkpoint: 'verified in this browser' }}
            />
          )}
        </Loaded>
      )}
      <p>
        <a href={`${origin}/ledger`}>The log and its witnesses</a>,{' '}
        <a href={`${origin}/governance`}>governance</a>,{' '}
        <a href={`${origin}/transparency`}>figures for everybody</a>
      </p>
    </section>
  );
}

function Counts(): ReactNode {
  const query = useRead('registry.stats', {}, { everyMs: freshMs });
  return (
    <section>
      <h2>How much there is</h2>
      <Loaded query={query}>
        {({ counts }) => (
          <table>
            <tbody>
              {Object.entries(counts).map(([name, count]) => (
                <tr key={name}>
                  <th scope="row">{sentence(name)}</th>
                  <td>{count.toLocaleString()}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </section>
  );
}
