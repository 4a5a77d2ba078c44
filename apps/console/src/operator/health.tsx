import { Facts, Note, Status, When } from '@recourse/design';
import type { OpOutput } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { alarmSaid } from '../parts/alarm-words.ts';
import { List } from '../parts/list.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { counted, sentence } from '../parts/words.ts';
import { useAsked, useRead } from '../registry/calls.ts';
import { useRows } from '../registry/pages.ts';
import { Alerts } from './alerts.tsx';
import { amountsOf } from './amounts.ts';
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
        columns={['When', 'What happened', 'State']}
      >
        {(alarm) => <AlarmCells alarm={alarm} />}
      </List>
    </section>
  );
}

const AlarmCells = ({ alarm }: { readonly alarm: Alarm }) => (
  <>
    <td>
      <When at={alarm.at} deadline />
    </td>
    <td>{alarmSaid(alarm.kind, alarm.counts)}</td>
    <td>
      <AlarmState alarm={alarm} />
    </td>
  </>
);

function AlarmState({ alarm: { party, explained } }: { readonly alarm: Alarm }): ReactNode {
  const { data: parties } = useDirectory();
  if (explained) return <Status tone="quiet">{sentence(explained.as)}</Status>;
  if (!party) return <Status tone="wait">Open</Status>;
  const name = parties?.find(({ id }) => id === party)?.name ?? 'this platform';
  return (
    <Link href={`/operator/parties/${party}`}>
      Checks of <bdi>{name}</bdi> are stopped: find the cause
    </Link>
  );
}

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
          <ul>
            {amountsOf(counts).map((amount) => (
              <li key={amount}>{amount}</li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
