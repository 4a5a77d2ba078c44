import { Facts, Note, When } from '@recourse/design';
import {
  peekArtefact,
  reasons,
  sanctionStatementSchema,
  type Id,
  type OpOutput,
} from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { useRouteId } from '../app/route-id.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { words } from '../parts/words.ts';
import { useAct, useRead } from '../registry/calls.ts';

/** Records that a colleague prepared and nobody has confirmed. */
export function Drafts(): ReactNode {
  const query = useRead('sanctions.list', { state: 'draft', limit: 100 });
  return (
    <Page
      title="Drafts"
      about="A second person of your platform confirms a draft. One that nobody confirms lapses."
    >
      <Loaded
        query={query}
        empty={{ when: (list) => list.sanctions.length === 0, text: 'No draft waits.' }}
      >
        {({ sanctions }) => (
          <ul>
            {sanctions.map(({ sanction, reason, ref, submittedAt }) => (
              <li key={sanction}>
                <Link href={`/trust/drafts/${sanction}`}>
                  {reasons[reason].texts.en.title} {ref ?? ''}
                </Link>
                , <When at={submittedAt} deadline />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

/** One draft, whole: confirm it, or return it to its author. */
export function Draft(): ReactNode {
  const id = useRouteId();
  const query = useRead('sanctions.get', { sanction: id as Id<'snc'> });
  return (
    <Page title="Draft" about={<code>{id}</code>}>
      <Loaded query={query}>{(record) => <One record={record} />}</Loaded>
    </Page>
  );
}

function One({ record }: { readonly record: OpOutput<'sanctions.get'> }): ReactNode {
  const { sanction, state } = record;
  const confirm = useAct((recourse) => recourse.sanctions.confirm({ sanctions: [sanction] }));
  const giveBack = useAct((recourse) => recourse.sanctions.withdraw({ sanction, cause: 'error' }));
  if (state !== 'draft') {
    return (
      <Note tone="good" title={`No draft any more: ${words(state)}`} announce>
        <p>
          <Link href={`/trust/records/${sanction}`}>Read the record</Link>
        </p>
      </Note>
    );
  }
  return (
    <div className="stack">
      <Statement record={record} />
      <Note title="Before you confirm">
        <p>
          You sign nothing anew: the statement is your colleague’s. Confirm only what you have seen
          evidence for. The account of facts and the files are at its author.
        </p>
      </Note>
      <Problem error={confirm.error ?? giveBack.error} />
      <div className="row">
        <Button
          className="react-aria-Button main"
          isPending={confirm.isPending}
          onPress={() => confirm.mutate(undefined)}
        >
          Confirm
        </Button>
        <Button isPending={giveBack.isPending} onPress={() => giveBack.mutate(undefined)}>
          Return it: the draft is withdrawn
        </Button>
      </div>
    </div>
  );
}

/** As its author signed it. */
function Statement({ record }: { readonly record: OpOutput<'sanctions.get'> }): ReactNode {
  const { payload } = peekArtefact(record.statement, {
    typ: 'recourse-sanction+jwt',
    schema: sanctionStatementSchema,
  });
  return (
    <Facts
      facts={{
        Reason: <code>{payload.reason}</code>,
        Action: words(payload.action),
        Incident: (
          <>
            <When at={payload.incident_from} /> to <When at={payload.incident_to} />
          </>
        ),
        Decided: <When at={payload.decided_at} />,
        Evidence: payload.evidence
          .map((item) => `${item.count ?? 1} × ${words(item.class)}`)
          .join(', '),
        Identifiers: record.subjects.map(({ kind }) => words(kind)).join(', '),
        Age: payload.age,
        Gravity: payload.gravity === undefined ? undefined : words(payload.gravity),
        Attested: payload.attest.map(words).join(', '),
        Reference: record.ref,
        Ends: <When at={payload.exp} />,
      }}
    />
  );
}
