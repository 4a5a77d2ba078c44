import { Note, Status, When } from '@recourse/design';
import {
  noticeChannels,
  toNumericDate,
  type DeliveryResult,
  type Id,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { Creator } from '@recourse/sdk';
import { languages, type Language } from '@recourse/texts';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useRouteId } from '../parts/route-id.ts';
import { useDraft } from '../identity/draft.ts';
import { Choice } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { Field } from '../parts/field.tsx';
import { languageName } from '../parts/language-name.ts';
import { Loaded } from '../parts/loaded.tsx';
import { instantOf, minuteOf } from '../parts/local-time.ts';
import { Page } from '../parts/page.tsx';
import { faultsAt, FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { counted, sentence } from '../parts/words.ts';
import { now } from '../identity/clock.ts';
import { useAct } from '../answers/use-act.ts';
import { useRead } from '../registry/calls.ts';
import { entryIn, type KnownEntry } from './journal.ts';
import { nameOf } from './name-of.ts';
import { NoticeText } from './notice-text.tsx';
import { Sharing, useEntry } from './sharing.tsx';
import { Whom } from './whom.tsx';

type SanctionView = OpOutput<'sanctions.get'>;

/** Tells the creator: by the registry, or, where it can write to nobody, by the own product. */
export function Notice(): ReactNode {
  const id = useRouteId();
  const sanction = id as Id<'snc'>;
  const record = useRead('sanctions.get', { sanction }, { everyMs: 5_000 });
  const entry = useEntry(sanction);
  return (
    <Page
      title="Notice to the creator"
      about={record.data && <Whom about={record.data} href={`/trust/records/${id}`} />}
    >
      <Loaded query={record}>
        {(view) => (
          <Loaded query={entry}>{(known) => <Sending view={view} known={known} />}</Loaded>
        )}
      </Loaded>
    </Page>
  );
}

interface SendingProps {
  readonly view: SanctionView;
  readonly known: KnownEntry;
}

function Sending({ view, known }: SendingProps): ReactNode {
  const [language, setLanguage] = useState<Language>('en');
  const { caseCode, account } = entryIn(known) ?? {};
  return (
    <div className="columns">
      <div className="stack">
        <Due view={view} />
        <Sharing known={known} />
        <Deliveries view={view} />
        <Choice
          label="Language of the creator"
          options={languages}
          value={language}
          onChange={setLanguage}
          text={languageName}
        />
        {view.state === 'held' && view.noticeDueAt !== undefined ? (
          <>
            {/* It writes to an address once. */}
            {view.deliveries.length > 0 ? null : (
              <ByRegistry view={view} known={known} language={language} />
            )}
            <Stated view={view} language={language} />
          </>
        ) : null}
      </div>
      <div className="aside">
        {caseCode === undefined || account === undefined ? null : (
          <NoticeText view={view} caseCode={caseCode} account={account} language={language} />
        )}
      </div>
    </div>
  );
}

function Due({ view: { noticeDueAt, state } }: { readonly view: SanctionView }): ReactNode {
  if (state !== 'held' || noticeDueAt === undefined) {
    return (
      <Note tone="good" title="Nothing is owed: the creator was told, or the record has ended." />
    );
  }
  const days = Math.floor((new Date(noticeDueAt).getTime() - now().getTime()) / 86_400_000);
  return (
    <Note
      tone={days < 2 ? 'bad' : 'wait'}
      title={`${counted(Math.max(days, 0), 'day', 'days')} left`}
    >
      <p>
        By <When at={noticeDueAt} deadline /> the creator is told, or the record is withdrawn.
      </p>
    </Note>
  );
}

const tones: Readonly<Record<DeliveryResult | 'waiting', 'good' | 'wait' | 'bad'>> = {
  waiting: 'wait',
  taken: 'good',
  refused: 'bad',
  unsent: 'bad',
  bounced: 'bad',
};

function Deliveries({
  view: { deliveries, subjects },
}: {
  readonly view: SanctionView;
}): ReactNode {
  if (deliveries.length === 0)
    return <p className="soft">The registry has written to nobody yet.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col">Delivery</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map(({ index, state, at }) => (
          <tr key={index}>
            <td>
              {sentence(subjects.find((subject) => subject.index === index)?.kind ?? 'address')}{' '}
              {index + 1}
            </td>
            <td>
              <Status tone={tones[state]}>{sentence(state)}</Status>
            </td>
            <td>{at === undefined ? '' : <When at={at} deadline />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ByRegistry({
  view,
  known,
  language,
}: SendingProps & { readonly language: Language }): ReactNode {
  const { sanction } = view;
  const identifiers = entryIn(known)?.identifiers ?? [];
  const written = identifiers.filter(({ kind }) => kind === 'email' || kind === 'phone');
  const start = { typed: written.map(({ value }) => value).join('\n') };
  const draft = useDraft(`notice/${sanction}`, start);
  const act = useAct('notice sent', async (recourse, creator: Creator<string>) => {
    const told = await recourse.sanctions.tell({ sanction, language, creator });
    await draft?.drop();
    return { whom: nameOf(view), messages: told.by === 'registry' ? told.deliveries.length : 0 };
  });
  if (!draft) return null;
  const { typed } = draft.value;
  const addresses = typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const send = (): void =>
    act.mutate({
      email: addresses.filter((address) => address.includes('@')),
      phone: addresses.filter((address) => !address.includes('@')),
    });
  return (
    <FormFaults error={act.error} read={atAddresses}>
      <section className="panel stack">
        <h2>Have the registry write</h2>
        <p>
          It sends one fixed message to each address, which names it and you, and never the reason.
          An address that a message reached answers review.
        </p>
        <Field
          name="addresses"
          label="Email addresses and phone numbers of the record"
          rows={3}
          value={typed}
          onChange={(next) => void draft.change({ typed: next })}
          about="One a line: all that the record has, and no other."
        />
        <FormProblem />
        <div>
          <Button
            className="react-aria-Button main"
            isDisabled={addresses.length === 0}
            isPending={act.isPending}
            onPress={send}
          >
            Have the registry write
          </Button>
        </div>
      </section>
    </FormFaults>
  );
}

/** All of them stand in one field. */
const atAddresses = (error: unknown) => faultsAt(error, () => 'addresses');

type Channel = OpInput<'sanctions.stateNotice'>['channel'];

function Stated({
  view,
  language,
}: {
  readonly view: SanctionView;
  readonly language: Language;
}): ReactNode {
  const [channel, setChannel] = useState<Channel>();
  const [sentAt, setSentAt] = useState(() => minuteOf(now()));
  const act = useAct('notice stated', async (recourse, by: Channel) => {
    const { visibleFrom } = await recourse.sanctions.stateNotice({
      sanction: view.sanction,
      channel: by,
      language,
      sentAt: toNumericDate(instantOf(sentAt)),
    });
    return { whom: nameOf(view), visibleFrom };
  });
  return (
    <FormFaults error={act.error}>
      <section className="panel stack">
        <h2>You told them in your own product</h2>
        <p>
          Only where the record has no address, or each refused the message. The record then answers
          verify identity alone.
        </p>
        <Choice
          name="channel"
          label="How"
          options={noticeChannels}
          value={channel}
          onChange={setChannel}
        />
        <DateChoice name="sentAt" label="When" withTime value={sentAt} onChange={setSentAt} />
        <FormProblem />
        <div>
          <Button
            isDisabled={channel === undefined}
            isPending={act.isPending}
            onPress={() => channel && act.mutate(channel)}
          >
            State that you told them
          </Button>
        </div>
      </section>
    </FormFaults>
  );
}
