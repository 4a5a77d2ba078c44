import type { OpOutput } from '@recourse/protocol';
import { RecourseError, type RetokeniseResult } from '@recourse/sdk';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { usePerson } from '../identity/session.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { counted } from '../parts/words.ts';
import { useAsked } from '../registry/calls.ts';
import { readAll } from '../registry/lists.ts';
import { withTokens } from '../registry/tokens.ts';
import { creatorOf } from './creator.ts';
import { entryIn, loadEntry } from './journal.ts';
import { EachForm, Left } from './together/each-form.tsx';

type Listed = ReturnType<typeof rowsOf>[number];

const rowsOf = ({ epoch, sanctions }: OpOutput<'sanctions.untokenised'>) =>
  sanctions.map((record) => ({ record, epoch }));

/** Gives the records of the platform tokens of the registry's new key, from the identifiers of its journals. */
export function Renew(): ReactNode {
  const query = useAsked(['untokenised'], (recourse, signal) =>
    readAll(recourse, { op: 'sanctions.untokenised', input: {}, rowsOf }, signal),
  );
  return (
    <Page
      title="Renew records"
      about="The registry never had the identifiers. This browser makes new tokens of those that it kept, and of those that colleagues shared."
    >
      <Loaded
        query={query}
        empty={{ when: ({ rows }) => rows.length === 0, text: 'No record needs new tokens.' }}
      >
        {({ rows }) => <RenewAll rows={rows} />}
      </Loaded>
    </Page>
  );
}

function RenewAll({ rows }: { readonly rows: readonly Listed[] }): ReactNode {
  const person = usePerson();
  const navigate = useNavigate();
  // What is renewed is listed no more, and stays here with its mark.
  const [listed] = useState(() => new Map(rows.map((row) => [row.record.sanction as string, row])));
  const all = [...listed.values()];
  return (
    <EachForm
      rows={all.map(({ record }) => ({
        id: record.sanction,
        what: 'New tokens',
        about: record,
        dueAt: record.closesAt,
        href: `/trust/records/${record.sanction}`,
      }))}
      title={counted(all.length, 'record needs new tokens', 'records need new tokens')}
      button={(count) => `Renew ${counted(count, 'record', 'records')}`}
      what="records have new tokens"
      isReady
      onClose={() => void navigate({ to: '/trust/inbox' })}
      one={async (recourse, { id }) => {
        const row = listed.get(id)!;
        const known = await loadEntry({ person, recourse }, row.record.sanction);
        const creator = creatorOf(entryIn(known)?.identifiers ?? []);
        if (Object.keys(creator).length === 0) throw new Left(whyNot['no-identifiers']);
        const { outcome } = await withTokens(person, 'renew', row, creator);
        if (outcome !== 'retokenised') throw refusalOf(outcome);
      }}
    >
      <p>
        You sign for each that its new tokens are of the same identifiers. The registry compares
        them with its own while both keys are live.
      </p>
    </EachForm>
  );
}

const whyNot = {
  'no-identifiers':
    'This browser knows no identifier of it, and no colleague shared one with your key. Renew it where it was recorded, or ask a colleague to open the records to you.',
  'other-identifiers': 'It is about other identifiers than this browser has.',
} as const;

const refusalOf = (outcome: Exclude<RetokeniseResult['outcome'], 'retokenised'>): Error =>
  outcome === 'no-identifiers' || outcome === 'other-identifiers'
    ? new Left(whyNot[outcome])
    : new RecourseError(outcome);
