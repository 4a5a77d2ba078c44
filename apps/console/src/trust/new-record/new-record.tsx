import { Note } from '@recourse/design';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { useRouteId } from '../../parts/route-id.ts';
import { keepDraft, useDraft, type Draft } from '../../identity/draft.ts';
import { usePerson } from '../../identity/session.ts';
import { KeptMark } from '../../identity/kept-mark.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { FormFaults, FormProblem } from '../../parts/form-faults.tsx';
import { Problem } from '../../parts/problem.tsx';
import { now } from '../../identity/clock.ts';
import { useAct } from '../../answers/use-act.ts';
import { useAsked } from '../../registry/calls.ts';
import { withTokens } from '../../registry/tokens.ts';
import { journalOf } from '../journal.ts';
import { nameOf } from '../name-of.ts';
import { RecordsLeft, useIsDraftOnly } from '../records-left.tsx';
import { EvidencePart } from './evidence-part.tsx';
import { FactsPart } from './facts-part.tsx';
import { faultsOf } from './faults.ts';
import { IdentifiersPart } from './identifiers-part.tsx';
import { Preview } from './preview.tsx';
import { ReasonPart } from './reason-part.tsx';
import {
  freshForm,
  gapsIn,
  inputOf,
  prefilled,
  recordDraftName,
  type RecordDraft,
  type RecordForm,
} from './record-form.ts';
import { Unfinished } from './unfinished.tsx';

const title = 'New record';

/** Gives a new record its id, and goes on there: each tab that comes here has a draft of its own. */
export function BeginRecord(): ReactNode {
  const person = usePerson();
  const navigate = useNavigate();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const [id] = useState(() => crypto.randomUUID());
  const [form] = useState(() => prefilled(search));
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const begin = async (): Promise<void> => {
      // The address of a draft says nothing of a person, and brings nothing back once it was sent.
      if (form) await keepDraft(person, recordDraftName(id), form);
      await navigate({ to: `/trust/new/${id}`, replace: true });
    };
    begin().catch(setError);
  }, [person, navigate, id, form]);
  return (
    <Page title={title}>
      {error === undefined ? (
        <p className="soft waiting" role="status">
          Loading
        </p>
      ) : (
        <Problem error={error} />
      )}
    </Page>
  );
}

/** One record by hand, or as a link of the house tool began it. What is typed is kept, sealed. */
export function NewRecord(): ReactNode {
  const id = useRouteId();
  return (
    <Page
      title={title}
      about="A record of conduct that you sanctioned on your own service. Drafts are kept in this browser, sealed, without the files."
    >
      <Record key={id} name={recordDraftName(id)} />
    </Page>
  );
}

function Record({ name }: { readonly name: string }): ReactNode {
  const { party } = usePerson();
  const draft = useDraft<RecordDraft>(name, freshForm());
  const registration = useAsked(['registration', party], ({ session }) =>
    session.parties.registration(party),
  );
  return (
    <div className="stack">
      <Unfinished except={name} />
      <Loaded query={registration}>
        {(registration) => (draft ? <Editor draft={draft} registration={registration} /> : null)}
      </Loaded>
    </div>
  );
}

interface EditorProps {
  readonly draft: Draft<RecordDraft>;
  readonly registration: { readonly name: string; readonly policies: readonly string[] };
}

function Editor({ draft, registration }: EditorProps): ReactNode {
  const [attest, setAttest] = useState<RecordForm['attest']>([]);
  const [added, setAdded] = useState<ReadonlyMap<string, File>>(new Map());
  const [isTried, setTried] = useState(false);
  const form = { ...draft.value, attest };
  const files = form.evidence.map(({ key }) => added.get(key));
  const send = useSending(draft, { form, files });
  const change = ({ attest: ticks, ...part }: Partial<RecordForm>): void => {
    // What is on its way stands as it was signed, and its draft does not come back.
    if (send.isPending) return;
    if (ticks) setAttest(ticks);
    else void draft.change({ ...part, changedAt: now().toISOString() });
  };
  if (draft.isGone && !send.isPending) return <Gone />;
  const gaps = gapsIn(form, files);
  const go = (how: 'submit' | 'draft'): void => {
    setTried(true);
    if (Object.keys(gaps).length === 0) send.mutate(how);
  };
  return (
    <div className="columns">
      <FormFaults
        error={send.error}
        own={isTried ? gaps : undefined}
        read={(error) => faultsOf(error, form)}
      >
        <div className="stack">
          <h2>1. Reason</h2>
          <ReasonPart value={form.reason} onChange={(reason) => change({ reason })} />
          <h2>2. Who: proven identifiers</h2>
          <IdentifiersPart
            rows={form.identifiers}
            onChange={(identifiers) => change({ identifiers })}
          />
          <h2>3. Evidence</h2>
          <EvidencePart
            rows={form.evidence}
            files={files}
            reason={form.reason}
            onChange={(evidence, next) => {
              change({ evidence });
              setAdded(filesByKey(evidence, next));
            }}
          />
          <h2>4. Facts</h2>
          <FactsPart form={form} change={change} policies={registration.policies} />
          <FormProblem />
          <RecordsLeft />
          <div className="row">
            <Signing isPending={send.isPending} go={go} />
            <KeptMark kept={draft.kept} />
          </div>
        </div>
      </FormFaults>
      <Preview form={form} platform={registration.name} />
    </div>
  );
}

interface SigningProps {
  readonly isPending: boolean;
  readonly go: (how: 'submit' | 'draft') => void;
}

/** The two ways of a record. Where one person may make none alone, only the draft is left. */
function Signing({ isPending, go }: SigningProps): ReactNode {
  const isDraftOnly = useIsDraftOnly();
  return (
    <>
      {isDraftOnly ? null : (
        <Button
          className="react-aria-Button main"
          isPending={isPending}
          onPress={() => go('submit')}
        >
          {isPending ? 'Sealing and signing' : 'Sign and record'}
        </Button>
      )}
      <Button
        className={`react-aria-Button ${isDraftOnly ? 'main' : ''}`}
        isDisabled={isPending}
        onPress={() => go('draft')}
      >
        Draft for a colleague to confirm
      </Button>
    </>
  );
}

const filesByKey = (
  rows: RecordForm['evidence'],
  files: readonly (File | undefined)[],
): ReadonlyMap<string, File> =>
  new Map(
    rows.flatMap(({ key }, at) => {
      const file = files[at];
      return file ? [[key, file] as const] : [];
    }),
  );

const Gone = (): ReactNode => (
  <Note tone="wait" title="This draft was sent or deleted" announce>
    <p>
      Look for it among <Link href="/trust/records">your records</Link>, or begin a{' '}
      <Link href="/trust/new">new record</Link>.
    </p>
  </Note>
);

interface Written {
  readonly form: RecordForm;
  readonly files: readonly (File | undefined)[];
}

/** Signs and sends; keeps the journal before it shows the record. */
function useSending(draft: Draft<RecordDraft>, { form, files }: Written) {
  const person = usePerson();
  const navigate = useNavigate();
  return useAct('record sent', async ({ journals }, how: 'submit' | 'draft') => {
    const input = inputOf(form, files);
    if (!input) throw new TypeError('the form has gaps');
    const sent = await withTokens(person, how, input);
    const { sanction, caseCode, evidence } = sent;
    const identifiers = form.identifiers.map(({ kind, value }) => ({ kind, value: value.trim() }));
    const entry = { caseCode, account: input.account, evidence, identifiers };
    await journalOf(person).keep(
      sanction,
      entry,
      files.filter((file) => file !== undefined),
    );
    await draft.drop();
    // The notice and the evidence of the record say whether it was shared, and try again.
    await journals.tryShare(sanction, entry);
    const to = how === 'submit' ? `/trust/notice/${sanction}` : `/trust/records/${sanction}`;
    // Back leads to where one was before: the form is no more.
    await navigate({ to, replace: true });
    const whom = nameOf(input);
    return 'lapsesAt' in sent
      ? { whom, lapsesAt: sent.lapsesAt }
      : { whom, noticeDueAt: sent.noticeDueAt };
  });
}
