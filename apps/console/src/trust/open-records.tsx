import type { OpOutput } from '@recourse/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { usePerson } from '../identity/session.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { counted } from '../parts/words.ts';
import { useAsked } from '../registry/calls.ts';
import { readAll } from '../registry/lists.ts';
import { loadEntry } from './journal.ts';
import { EachForm, Left } from './together/each-form.tsx';

type Listed = OpOutput<'sanctions.list'>['sanctions'][number];

/** A record that has ended is shared no more. */
const goesOn: ReadonlySet<Listed['state']> = new Set(['draft', 'held', 'visible', 'suspended']);

const rowsOf = ({ sanctions }: OpOutput<'sanctions.list'>) =>
  sanctions.filter(({ state }) => goesOn.has(state));

/** Seals what this browser can open of the own records to everybody who has a trust key now. */
export function OpenRecords(): ReactNode {
  const query = useAsked(['records-to-open'], async (recourse, signal) => {
    // Who joined a moment ago counts.
    await recourse.journals.join({ signal });
    return readAll(recourse, { op: 'sanctions.list', input: {}, rowsOf }, signal);
  });
  return (
    <Page
      title="Open records to colleagues"
      about="Whoever got a key later reads no identifier, no text and no evidence of what was recorded before. This browser seals what it can open to everybody who has a key now."
    >
      <Loaded
        query={query}
        empty={{ when: ({ rows }) => rows.length === 0, text: 'No record of yours goes on.' }}
      >
        {({ rows }) => <OpenAll rows={rows} />}
      </Loaded>
    </Page>
  );
}

function OpenAll({ rows }: { readonly rows: readonly Listed[] }): ReactNode {
  const person = usePerson();
  const navigate = useNavigate();
  const [all] = useState(() => rows);
  return (
    <EachForm
      rows={all.map((record) => ({
        id: record.sanction,
        what: 'Open to colleagues',
        about: record,
        dueAt: undefined,
        href: `/trust/records/${record.sanction}`,
      }))}
      title={counted(all.length, 'record goes on', 'records go on')}
      button={(count) => `Open ${counted(count, 'record', 'records')} to colleagues`}
      what="of your records can be opened by every colleague"
      isReady
      onClose={() => void navigate({ to: '/trust/people' })}
      one={async (recourse, { id }) => {
        const { sanction } = all.find((record) => record.sanction === id)!;
        const known = await loadEntry({ person, recourse }, sanction);
        if (known.from === 'nowhere') throw new Left(whyClosed[known.why]);
        if (known.from !== 'here' || known.unshared === undefined) return;
        throw known.unshared === 'nobody' ? new Left(nobody) : known.unshared;
      }}
    >
      <p>
        Nothing is signed anew: each colleague sees who signed it. The registry reads none of it.
      </p>
    </EachForm>
  );
}

const whyClosed = {
  none: 'Nobody shared it: a program recorded it, or its author was alone.',
  'sealed-before':
    'It was shared before your key was there. A colleague who can open it does this.',
} as const;
const nobody = 'Nobody else has opened this desk yet.';
