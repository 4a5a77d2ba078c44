import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { sealedStore } from '../../identity/sealed-store.ts';
import { usePerson } from '../../identity/session.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAct, useAsked } from '../../registry/calls.ts';
import { withTokens } from '../../registry/tokens.ts';
import { journalOf } from '../journal.ts';
import { EvidencePart } from './evidence-part.tsx';
import { FactsPart } from './facts-part.tsx';
import { faultsOf } from './faults.ts';
import { IdentifiersPart } from './identifiers-part.tsx';
import { Preview } from './preview.tsx';
import { ReasonPart } from './reason-part.tsx';
import { freshForm, gapsIn, inputOf, prefilled, type RecordForm } from './record-form.ts';

/** One record by hand, or as a link of the house tool began it. What is typed is kept, sealed. */
export function NewRecord(): ReactNode {
  const person = usePerson();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const drafts = useMemo(() => sealedStore(person, 'drafts'), [person]);
  const begun = useAsked(['draft', search], async ({ session }) => ({
    form: prefilled(search) ?? (await drafts.load<RecordForm>('record')) ?? freshForm(),
    registration: await session.parties.registration(person.party),
  }));
  return (
    <Page
      title="New record"
      about="A record of conduct that you sanctioned on your own service. Drafts are kept in this browser, sealed, without the files."
    >
      <Loaded query={begun}>
        {({ form, registration }) => <Editor start={form} registration={registration} />}
      </Loaded>
    </Page>
  );
}

interface EditorProps {
  readonly start: RecordForm;
  readonly registration: { readonly name: string; readonly policies: readonly string[] };
}

function Editor({ start, registration }: EditorProps): ReactNode {
  const [form, setForm] = useState(start);
  const [files, setFiles] = useState<readonly (File | undefined)[]>([]);
  const [gaps, setGaps] = useState<Record<string, string>>({});
  const change = (part: Partial<RecordForm>): void => setForm((now) => ({ ...now, ...part }));
  useKeptDraft(form);
  const send = useSending(form, files);
  const faults = { ...faultsOf(send.error, form), ...gaps };
  const go = (how: 'submit' | 'draft'): void => {
    const missing = gapsIn(form, files);
    setGaps(missing);
    if (Object.keys(missing).length === 0) send.mutate(how);
  };
  return (
    <div className="columns">
      <div className="stack">
        <h2>1. Reason</h2>
        <ReasonPart
          value={form.reason}
          onChange={(reason) => change({ reason })}
          error={faults['reason']}
        />
        <h2>2. Who: proven identifiers</h2>
        <IdentifiersPart
          rows={form.identifiers}
          onChange={(identifiers) => change({ identifiers })}
          faults={faults}
        />
        <h2>3. Evidence</h2>
        <EvidencePart
          rows={form.evidence}
          files={files}
          reason={form.reason}
          faults={faults}
          onChange={(evidence, next) => {
            change({ evidence });
            setFiles(next);
          }}
        />
        <h2>4. Facts</h2>
        <FactsPart form={form} change={change} faults={faults} policies={registration.policies} />
        <Problem error={send.error} />
        {Object.keys(gaps).length === 0 ? null : (
          <p className="field-error" role="alert">
            {Object.keys(gaps).length} things are missing. Each is marked above.
          </p>
        )}
        <div className="row">
          <Button
            className="react-aria-Button main"
            isPending={send.isPending}
            onPress={() => go('submit')}
          >
            {send.isPending ? 'Sealing and signing' : 'Sign and record'}
          </Button>
          <Button isDisabled={send.isPending} onPress={() => go('draft')}>
            Draft for a colleague to confirm
          </Button>
        </div>
      </div>
      <Preview form={form} platform={registration.name} />
    </div>
  );
}

/** Kept a moment after the last change, so that a lock or a crash takes nothing. */
function useKeptDraft(form: RecordForm): void {
  const person = usePerson();
  useEffect(() => {
    const keep = (): void => void sealedStore(person, 'drafts').save('record', form);
    const timer = setTimeout(keep, 500);
    return () => clearTimeout(timer);
  }, [person, form]);
}

/** Signs and sends; keeps the journal before it shows the record. */
function useSending(form: RecordForm, files: readonly (File | undefined)[]) {
  const person = usePerson();
  const navigate = useNavigate();
  return useAct(async ({ journals }, how: 'submit' | 'draft') => {
    const input = inputOf(form, files);
    if (!input) return;
    const sent = await withTokens(person, how, input);
    const { sanction, caseCode, evidence } = sent;
    const identifiers = form.identifiers.map(({ kind, value }) => ({ kind, value: value.trim() }));
    const entry = { caseCode, account: input.account, evidence, identifiers };
    await journalOf(person).keep(
      sanction,
      entry,
      files.filter((file) => file !== undefined),
    );
    await sealedStore(person, 'drafts').remove('record');
    // The notice and the evidence of the record say whether it was shared, and try again.
    await journals.tryShare(sanction, entry);
    const to = how === 'submit' ? `/trust/notice/${sanction}` : `/trust/records/${sanction}`;
    await navigate({ to });
  });
}
