import { Facts, Note, When } from '@recourse/design';
import { peekArtefact, sanctionStatementSchema, type Id, type OpOutput } from '@recourse/protocol';
import type { FormEvent, ReactNode } from 'react';
import { Button, Form, Link } from 'react-aria-components';
import { useRouteId } from '../parts/route-id.ts';
import { useDraft } from '../identity/draft.ts';
import { Field } from '../parts/field.tsx';
import { KeptMark } from '../identity/kept-mark.tsx';
import { List } from '../parts/list.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Reason } from '../parts/reason.tsx';
import { Problem } from '../parts/problem.tsx';
import { words } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { useRead } from '../registry/calls.ts';
import { useRows } from '../registry/pages.ts';
import { Comment } from '../people/comment.tsx';
import { Who } from '../people/who.tsx';
import { nameOf } from './name-of.ts';
import { Whom } from './whom.tsx';
import { Unfinished } from './new-record/unfinished.tsx';

/** Records that a colleague prepared and nobody has confirmed. */
export function Drafts(): ReactNode {
  const list = useRows({
    op: 'sanctions.list',
    input: { state: 'draft' },
    rowsOf: ({ sanctions }) => sanctions,
  });
  return (
    <Page
      title="Drafts"
      about="A second person of your platform confirms a draft. One that nobody confirms lapses."
    >
      <List
        list={list}
        empty="No draft waits."
        idOf={({ sanction }) => sanction}
        columns={['Draft', 'Drafted', 'Lapses']}
      >
        {(draft) => (
          <>
            <TitleCell draft={draft} />
            <td>
              <When at={draft.submittedAt} />
            </td>
            <td>{draft.lapsesAt === undefined ? '' : <When at={draft.lapsesAt} deadline />}</td>
          </>
        )}
      </List>
      <Returned />
      <Unfinished />
    </Page>
  );
}

/** Drafts that a colleague gave back: their author reads why, and records anew. */
function Returned(): ReactNode {
  const list = useRows({
    op: 'sanctions.list',
    input: { returned: true },
    rowsOf: ({ sanctions }) => sanctions,
  });
  if (list.query.data?.length === 0) return null;
  return (
    <section>
      <h2>Returned</h2>
      <List
        list={list}
        empty="None"
        idOf={({ sanction }) => sanction}
        columns={['Draft', 'Returned']}
      >
        {(draft) => (
          <>
            <TitleCell draft={draft} />
            <td>{draft.returnedAt === undefined ? '' : <When at={draft.returnedAt} />}</td>
          </>
        )}
      </List>
    </section>
  );
}

type ListedDraft = OpOutput<'sanctions.list'>['sanctions'][number];

const TitleCell = ({ draft }: { readonly draft: ListedDraft }): ReactNode => (
  <td>
    <Whom about={draft} href={`/trust/drafts/${draft.sanction}`} />
  </td>
);

/** One draft, whole: confirm it, or return it to its author. */
export function Draft(): ReactNode {
  const id = useRouteId();
  const query = useRead('sanctions.get', { sanction: id as Id<'snc'> });
  return (
    <Page title="Draft" about={query.data && <Whom about={query.data} />}>
      <Loaded query={query}>{(record) => <One record={record} />}</Loaded>
    </Page>
  );
}

function One({ record }: { readonly record: OpOutput<'sanctions.get'> }): ReactNode {
  const { sanction, state, returned } = record;
  const confirm = useAct('draft confirmed', async ({ sanctions }) => {
    const { confirmed } = await sanctions.confirm({ sanctions: [sanction] });
    return { whom: nameOf(record), sanction, noticeDueAt: confirmed[0]!.noticeDueAt };
  });
  if (returned) {
    return (
      <div className="stack">
        <Note title="Returned to its author">
          <p>
            <bdi>{returned.reason}</bdi>
          </p>
          <p>
            By <Who who={{ holder: returned.by }} />
          </p>
          <p>
            It never was a record. <Link href="/trust/new">Record it anew</Link> with what is said
            here.
          </p>
        </Note>
        <Statement record={record} />
      </div>
    );
  }
  if (state !== 'draft') {
    return (
      <p>
        No draft any more: {words(state)}.{' '}
        <Link href={`/trust/records/${sanction}`}>Read the record</Link>
      </p>
    );
  }
  return (
    <div className="stack">
      <Statement record={record} />
      <Note title="Before you confirm">
        <p>
          You sign nothing anew: the statement is your colleague’s. Confirm only what you have seen
          evidence for: the files are at its author.
        </p>
      </Note>
      <Problem error={confirm.error} />
      <div>
        <Button
          className="react-aria-Button main"
          isPending={confirm.isPending}
          onPress={() => confirm.mutate(undefined)}
        >
          Confirm
        </Button>
      </div>
      <GiveBack record={record} />
      <Comment row={sanction} whom={nameOf(record)} />
    </div>
  );
}

/** Its author reads the reason, and nobody outside the platform. */
function GiveBack({ record }: { readonly record: OpOutput<'sanctions.get'> }): ReactNode {
  const { sanction } = record;
  const draft = useDraft(`return/${sanction}`, { reason: '' });
  const giveBack = useAct('draft returned', async (recourse, reason: string) => {
    await recourse.sanctions.returnDraft({ sanction, reason });
    await draft?.drop();
    return { whom: nameOf(record) };
  });
  if (!draft) return null;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    giveBack.mutate(draft.value.reason);
  };
  return (
    <Form onSubmit={submit} className="stack">
      <Field
        name="reason"
        label="Or return it to its author: what should change?"
        about="The draft lapses at once, and its author may record the same incident anew."
        rows={3}
        most={500}
        value={draft.value.reason}
        onChange={(reason) => void draft.change({ reason })}
      />
      <Problem error={giveBack.error} />
      <div className="row">
        <Button type="submit" isPending={giveBack.isPending}>
          Return it
        </Button>
        <KeptMark kept={draft.kept} />
      </div>
    </Form>
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
        Reason: <Reason code={payload.reason} />,
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
        Account: record.draft === undefined ? undefined : <bdi>{record.draft.account.text}</bdi>,
        Reference: record.ref,
        'Drafted by': record.draft && <Who who={{ holder: record.draft.draftedBy }} />,
        Lapses: record.lapsesAt === undefined ? undefined : <When at={record.lapsesAt} deadline />,
        Ends: <When at={payload.exp} />,
      }}
    />
  );
}
