import { Facts, Note } from '@recourse/design';
import {
  encodeInvite,
  registrationRecord,
  registrationRecordName,
  type OpInput,
} from '@recourse/protocol';
import { isRecourseError, type Recourse } from '@recourse/sdk';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { enrolLink } from '../identity/invite-code.ts';
import { sealedStore } from '../identity/sealed-store.ts';
import type { OpenPerson } from '../identity/person.ts';
import { usePerson } from '../identity/session.ts';
import { Copied } from '../parts/copied.tsx';
import { Problem } from '../parts/problem.tsx';
import { useRequest } from '../registry/calls.ts';
import { readDirectory } from '../registry/directory.ts';
import { Answered, type ProposalAnswer } from './proposal.tsx';
import { SeatSignatures } from './seat-signatures.tsx';

/**
 * An invite that another operator still has to agree to. The code is in this browser, sealed; the registry has its hash.
 * States: begun, proposed, agreed. A crash leaves it where it was, and signing again goes on.
 */
export type WaitingInvite = { readonly code: string; readonly title: string } & (
  | { readonly op: 'platforms.register'; readonly input: OpInput<'platforms.register'> }
  | { readonly op: 'panel.invite'; readonly input: OpInput<'panel.invite'> }
);

type InviteOp = WaitingInvite['op'];

const storeOf = (person: OpenPerson) => sealedStore(person, 'invites');
const keyOf = (person: OpenPerson) => [person.kid, 'waiting-invites'];

/** Keeps an invite until it is handed over. */
export function useKeepInvite(): (waiting: WaitingInvite) => Promise<void> {
  const person = usePerson();
  const client = useQueryClient();
  return async (waiting) => {
    await storeOf(person).save(waiting.input.invite, waiting);
    await client.invalidateQueries({ queryKey: keyOf(person) });
  };
}

export function useWaitingInvites(op: InviteOp): UseQueryResult<readonly WaitingInvite[]> {
  const person = usePerson();
  return useQuery({
    queryKey: [...keyOf(person), op],
    queryFn: async () => {
      const store = storeOf(person);
      const all = await Promise.all(
        (await store.names()).map((name) => store.load<WaitingInvite>(name)),
      );
      return all.filter((one) => one !== undefined).filter((one) => one.op === op);
    },
  });
}

type Step =
  | { readonly state: 'proposed'; readonly answer: ProposalAnswer }
  | { readonly state: 'dns-missing' }
  | { readonly state: 'unsigned' }
  | { readonly state: 'invited'; readonly text: string };

/** Signs it, and looks again by itself while a DNS record is missing. */
function useProceeding(waiting: WaitingInvite) {
  const person = usePerson();
  const keep = useKeepInvite();
  /** It stays while the desk looks again */
  const [step, setStep] = useState<Step>();
  const act = useRequest(async (recourse, next: WaitingInvite) => {
    if (next !== waiting) await keep(next);
    return proceed(recourse, person, next);
  }, setStep);
  const isMissing = step?.state === 'dns-missing';
  useEach(isMissing ? againMs : undefined, () => act.mutate(waiting));
  return { step, act };
}

/** One invite on its way: what it waits for, and the one button. */
export function Waiting({ waiting }: { readonly waiting: WaitingInvite }): ReactNode {
  const person = usePerson();
  const client = useQueryClient();
  const { step, act } = useProceeding(waiting);
  const forget = async (): Promise<void> => {
    await storeOf(person).remove(waiting.input.invite);
    await client.invalidateQueries({ queryKey: keyOf(person) });
  };
  const unsigned = waiting.op === 'panel.invite' && needsSignatures(waiting.input, step);
  return (
    <section className="panel stack">
      <h2>
        <bdi>{waiting.title}</bdi>
      </h2>
      {waiting.op === 'platforms.register' ? <DnsRecord input={waiting.input} /> : null}
      <Problem error={act.error} />
      {step ? <StepNote step={step} /> : null}
      {unsigned ? (
        <SeatSignatures
          seat={waiting.input}
          isPending={act.isPending}
          onSigned={(input) => act.mutate({ ...waiting, input })}
        />
      ) : null}
      <div className="row">
        {step?.state === 'invited' || unsigned ? null : (
          <Button
            className="react-aria-Button main"
            isPending={act.isPending}
            onPress={() => act.mutate(waiting)}
          >
            {step === undefined ? 'Sign and propose' : 'Look again'}
          </Button>
        )}
        <Button onPress={() => void forget()}>
          {step?.state === 'invited' ? 'It is handed over' : 'Give it up'}
        </Button>
      </div>
    </section>
  );
}

/** Before they were asked for, or where those that were given may be wrong */
const needsSignatures = (seat: OpInput<'panel.invite'>, step: Step | undefined): boolean =>
  step === undefined ? seat.countersignatures !== undefined : step.state === 'unsigned';

const againMs = 15_000;

/** Acts now and then, while there is an interval. */
function useEach(everyMs: number | undefined, act: () => void): void {
  const latest = useEffectEvent(act);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => latest(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}

function StepNote({ step }: { readonly step: Step }): ReactNode {
  if (step.state === 'dns-missing') {
    return (
      <Note tone="wait" title="The registry does not see this record yet." announce>
        <p>
          The platform publishes it. Name servers may take an hour, or longer. While this page is
          open the desk looks again every {againMs / 1_000} seconds, and proposes what you signed
          once the record is there.
        </p>
      </Note>
    );
  }
  if (step.state === 'unsigned') return null;
  if (step.state === 'proposed') {
    return <Answered answer={step.answer} />;
  }
  return (
    <Note tone="good" title="Hand this link to one person, in private." announce>
      <p>It works once, within seven days.</p>
      <Copied what="link" text={enrolLink(step.text)} />
    </Note>
  );
}

const DnsRecord = ({ input }: { readonly input: OpInput<'platforms.register'> }): ReactNode => (
  <>
    <p>The platform proves its domain by this DNS record, and leaves it until it is enrolled.</p>
    <Facts
      facts={{
        Type: 'TXT',
        Name: <Copied what="name" text={registrationRecordName(input.registration.domain)} />,
        Value: <Copied what="value" text={registrationRecord(input.invite)} />,
      }}
    />
  </>
);

/** Signs the act. That the registry knows its invite already means that another operator agreed. */
async function proceed(
  recourse: Recourse,
  person: OpenPerson,
  waiting: WaitingInvite,
): Promise<Step> {
  try {
    const answer =
      waiting.op === 'platforms.register'
        ? await recourse.platforms.register(waiting.input)
        : await recourse.panel.invite(waiting.input);
    if (answer.state === 'proposed') return { state: 'proposed', answer };
  } catch (error) {
    if (isRecourseError(error, 'control-not-proven')) return { state: 'dns-missing' };
    if (isUnsigned(error)) return { state: 'unsigned' };
    if (!isAgreed(error)) throw error;
  }
  return { state: 'invited', text: await inviteText(person, waiting) };
}

const isUnsigned = (error: unknown): boolean =>
  isRecourseError(error, 'state-conflict') && error.hasIssue('missing', 'countersignatures');

const isAgreed = (error: unknown): boolean =>
  isRecourseError(error, 'state-conflict') &&
  (error.hasIssue('used') || error.hasIssue('registered'));

async function inviteText(person: OpenPerson, waiting: WaitingInvite): Promise<string> {
  const { origin, logKid: logKey, policy } = person.registry;
  const directory = await readDirectory();
  const common = { origin, logKey, policy, code: waiting.code };
  if (waiting.op === 'panel.invite') {
    const panel = directory.find(({ kind }) => kind === 'panel');
    const admin = panel?.enrolmentKid === undefined;
    return encodeInvite({ ...common, party: 'panel', role: 'reviewer', admin });
  }
  const { domain } = waiting.input.registration;
  const party = directory.find(({ registration }) => registration?.domain === domain);
  if (!party) throw new Error('the directory does not have the platform');
  return encodeInvite({ ...common, party: party.id, role: 'trust', admin: true });
}
