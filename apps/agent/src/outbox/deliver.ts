import {
  signWithdrawal,
  type DraftedSanction,
  type Recourse,
  type SignedWithdrawal,
  type SubmittedSanction,
  type WithdrawalOrder,
  type WithdrawnSanction,
} from '@recourse/sdk';
import type { Intent, IntentResult, SignedIntent, SubmissionResult } from '../orders/intent.ts';
import {
  acknowledgementOf,
  bytesOf,
  tellOrderOf,
  outcomesOf,
  sanctionInputOf,
} from '../orders/sanction-input.ts';
import type { WaitingEntry } from './entry.ts';
import type { SignedSubmissions } from './signed-submissions.ts';

export interface Delivery {
  readonly recourse: Recourse;
  readonly submissions: SignedSubmissions;
  readonly entry: WaitingEntry;
  /** Puts what was signed on the disk, before it is sent */
  readonly keep: (signed: SignedIntent) => void;
  readonly signal: AbortSignal;
}

type Of<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/**
 * Signs an intent and sends it, or sends again what was signed. However often it is called, the registry does it once: it
 * knows the statement, or the idempotency key.
 * @throws RecourseError
 */
export function deliver(delivery: Delivery): Promise<IntentResult> {
  const { recourse, entry, signal } = delivery;
  const { intent } = entry;
  const once = { idem: entry.idem, signal };
  switch (intent.kind) {
    case 'submission':
      return submit(delivery, intent);
    case 'notice': {
      const { sanction, order } = intent;
      return recourse.sanctions.tell({ sanction, ...tellOrderOf(order) }, once);
    }
    case 'withdrawal':
      return withdraw(delivery, intent);
    case 'stand':
      return recourse.appeals.stand({ appeal: intent.appeal, text: intent.order.text }, once);
    case 'concession':
      return concede(delivery, intent);
    case 'evidence':
      return deliverEvidence(delivery, intent);
    case 'outcomes':
      return recourse.outcomes.report(outcomesOf(intent.order), once);
    case 'acknowledgement':
      break;
  }
  const { recall, order } = intent;
  return recourse.recalls.acknowledge({ recall, ...acknowledgementOf(order) }, once);
}

async function submit(delivery: Delivery, intent: Of<'submission'>): Promise<SubmissionResult> {
  const { recourse, submissions, entry, keep, signal } = delivery;
  const { signed } = entry;
  const submitted = await submissions.during(
    (submission) => keep({ kind: 'submission', submission }),
    () =>
      signed?.kind === 'submission'
        ? recourse.sanctions.resume(signed.submission, { signal })
        : recourse.sanctions.submit(sanctionInputOf(intent.order), { signal }),
  );
  return submissionResult(submitted);
}

function submissionResult(submitted: SubmittedSanction | DraftedSanction): SubmissionResult {
  const { sanction, state, version, caseCode, caseLink, evidence, subjects } = submitted;
  const due = 'noticeDueAt' in submitted ? submitted.noticeDueAt : submitted.lapsesAt;
  const noticeDueAt = due.toISOString();
  return { sanction, state, version, noticeDueAt, caseCode, caseLink, evidence, subjects };
}

async function withdraw(
  delivery: Delivery,
  { sanction, order: { cause, lifted } }: Of<'withdrawal'>,
): Promise<WithdrawnSanction> {
  const { withdrawal, complaint } = await signedWithdrawal(delivery, {
    sanction,
    cause,
    lifted: lifted && {
      at: new Date(lifted.at),
      by: lifted.by,
      complaint: { source: bytesOf(lifted.complaint) },
    },
  });
  const { entry, recourse, signal } = delivery;
  const once = { idem: entry.idem, signal };
  const { result } = await recourse.call('sanctions.withdraw', { withdrawal }, once);
  return { ...result, ...(complaint && { complaint }) };
}

async function concede(delivery: Delivery, { sanction, appeal, order }: Of<'concession'>) {
  const signed = await signedWithdrawal(delivery, { sanction, cause: order.cause });
  const { entry, recourse, signal } = delivery;
  const concede = signed.withdrawal;
  return recourse.appeals.respond({ appeal, concede }, { idem: entry.idem, signal });
}

/** Signed once: another signature under the same idempotency key would be another input. */
async function signedWithdrawal(
  { entry: { signed }, recourse, keep }: Delivery,
  order: WithdrawalOrder,
): Promise<SignedWithdrawal> {
  if (signed?.kind === 'withdrawal') return signed;
  const made = await signWithdrawal(recourse.session, order);
  keep({ kind: 'withdrawal', ...made });
  return made;
}

/** Sealed anew each time, to whoever is on the case then: delivered again, an item replaces itself. */
const deliverEvidence = ({ recourse, signal }: Delivery, { appeal, order }: Of<'evidence'>) =>
  recourse.evidence.deliver(
    {
      appeal,
      evidence: order.evidence.map(({ content, opening }) => ({
        source: bytesOf(content),
        opening,
      })),
    },
    { signal },
  );
