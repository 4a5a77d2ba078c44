import { Note, Status, When } from '@recourse/design';
import { watched, type OpOutput } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Loaded } from '../parts/loaded.tsx';
import { useRead } from '../registry/calls.ts';
import { alertTitles, measured, saidBy } from './alert-words.ts';

type Stats = OpOutput<'registry.stats'>;

/** What the alerts of the registry read now: those that have something to say first, in their own words. */
export function Alerts({ everyMs }: { readonly everyMs: number }): ReactNode {
  const query = useRead('registry.stats', {}, { everyMs });
  return (
    <section className="stack">
      <h2>Backlog, mail, log and backup</h2>
      <Loaded query={query}>
        {({ watched: all, archive }) => (
          <>
            <Beyond all={all} />
            <Readings all={all} />
            <p>
              <Archive archive={archive} /> The clock is right: a server whose clock is more than
              two seconds off answers no call.
            </p>
          </>
        )}
      </Loaded>
    </section>
  );
}

function Beyond({ all }: { readonly all: Stats['watched'] }) {
  const beyond = all.filter(({ isBeyond }) => isBeyond);
  if (beyond.length === 0) return null;
  return (
    <Note tone="bad" title="Look at this today." announce>
      <ul>
        {beyond.map(({ alert, value }) => (
          <li key={alert}>
            {saidBy(alert, value)} What to do: docs/alerts.md, {alert}.
          </li>
        ))}
      </ul>
    </Note>
  );
}

const Readings = ({ all }: { readonly all: Stats['watched'] }) => (
  <table>
    <thead>
      <tr>
        <th scope="col">What</th>
        <th scope="col">Now</th>
        <th scope="col">Alert beyond</th>
        <th scope="col">State</th>
      </tr>
    </thead>
    <tbody>
      {all.map(({ alert, value, isBeyond }) => (
        <tr key={alert}>
          <th scope="row">{alertTitles[alert]}</th>
          <td>{measured(alert, value)}</td>
          <td>{measured(alert, watched[alert].above)}</td>
          <td>
            {isBeyond ? <Status tone="bad">Beyond</Status> : <Status tone="quiet">Well</Status>}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

function Archive({ archive: { isOn, newestAt } }: { readonly archive: Stats['archive'] }) {
  if (!isOn) return 'PostgreSQL archives nothing here, so watch your backups elsewhere.';
  if (newestAt === undefined) return 'PostgreSQL archives its WAL, and has archived none yet.';
  return (
    <>
      PostgreSQL archived its WAL last <When at={newestAt} />.
    </>
  );
}
