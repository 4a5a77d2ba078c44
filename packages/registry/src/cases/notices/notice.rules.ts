import {
  toNumericDate,
  type DeliveryChannel,
  type DeliveryResult,
  type IdentifierKind,
  type OpInput,
  type Problem,
} from '@recourse/protocol';
import { addHours, dueAt } from '@recourse/protocol/review';
import type { Standing } from '../../records/life.rules.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';

/** An address is kept until a server took the message, and for so long at most. */
const deliveryHours = 72;

/** One identifier of a record, with what became of the registry's message to it. */
export interface NoticedSubject {
  readonly position: number;
  readonly kind: IdentifierKind;
  /** An amendment said that it is not theirs */
  readonly detached: boolean;
  /** None while nobody asked for it */
  readonly delivery?: DeliveryResult | 'waiting' | undefined;
}

export interface NoticeFacts {
  readonly now: Date;
  readonly standing: Standing;
  readonly submittedAt: Date | null;
  readonly statedAt: Date | null;
  readonly subjects: readonly NoticedSubject[];
  /** True for channels by which messages can be handed in at all */
  readonly sends: (channel: DeliveryChannel) => boolean;
}

const channels: Readonly<Partial<Record<IdentifierKind, DeliveryChannel>>> = {
  email: 'email',
  phone: 'sms',
};

/** How the registry writes to an identifier; undefined where it cannot. */
export const channelOf = (kind: IdentifierKind): DeliveryChannel | undefined => channels[kind];

const clockSkewSeconds = 120;

/** A submitted record that has not ended. */
function refuseAny({ standing, submittedAt }: NoticeFacts): Problem | undefined {
  if (standing.ended) return refusal('state-conflict', 'sanction', 'ended');
  return submittedAt ? undefined : refusal('state-conflict', 'sanction', 'draft');
}

/**
 * The registry writes to every email address and phone number among the subjects, or to none: a submitter chose them,
 * and would otherwise choose again who is told.
 */
export function refuseDelivery(
  /** The subjects whose tokens the addresses have, each in its place; undefined of an address that is nobody's here */
  asked: readonly (number | undefined)[],
  facts: NoticeFacts,
): Problem | undefined {
  const problem = refuseAny(facts);
  if (problem) return problem;
  const written = writtenTo(facts);
  const unknown = asked.findIndex((at) => !written.some(({ position }) => position === at));
  if (unknown >= 0) return invalid(`addresses.${unknown}`, 'other-identifier');
  if (new Set(asked).size < asked.length) return invalid('addresses', 'duplicate');
  const left = written.find(({ position }) => !asked.includes(position));
  if (left) return refusal('notice-required', 'addresses', `${left.kind}-not-written-to`);
  // Without a mail server messages wait for one; a phone number alone is told by the platform itself.
  return written.some(({ channel }) => channel === 'email' || facts.sends(channel))
    ? undefined
    : refusal('state-conflict', 'addresses', 'no-sms-gateway');
}

const writtenTo = ({ subjects }: NoticeFacts) =>
  subjects.flatMap((subject) => {
    const channel = channelOf(subject.kind);
    return channel && !subject.detached ? [{ ...subject, channel }] : [];
  });

/**
 * Stated: the platform told the person in its own product. Only where the record has neither email nor phone, or each
 * refused the registry's message, or a phone has no gateway. A phone whose message was not sent counts as one that
 * refused: its country is not served, or the budget of its platform did not reach it in 72 h.
 */
export function refuseStated(
  { sentAt }: Pick<OpInput<'sanctions.stateNotice'>, 'sentAt'>,
  facts: NoticeFacts,
): Problem | undefined {
  const { now, submittedAt, statedAt, sends } = facts;
  const problem = refuseAny(facts);
  if (problem) return problem;
  const written = writtenTo(facts);
  if (statedAt || written.some(({ delivery }) => delivery === 'taken')) {
    return refusal('state-conflict', 'sanction', 'already-notified');
  }
  if (sentAt > toNumericDate(now) + clockSkewSeconds) return invalid('sentAt', 'in-the-future');
  if (submittedAt && sentAt < toNumericDate(submittedAt) - clockSkewSeconds) {
    return invalid('sentAt', 'before-submission');
  }
  const left = written.find(
    ({ channel, delivery }) =>
      delivery !== 'refused' &&
      delivery !== 'bounced' &&
      (channel === 'email' || (sends(channel) && delivery !== 'unsent')),
  );
  return left && refusal('notice-required', 'sanction', `${left.kind}-not-written-to`);
}

/**
 * Days on which the registry could not send count against nobody: whoever asked it in time has 72 h after the message
 * expired, whatever became of it.
 */
export function noticeDueAfter(asked: { readonly dueAt: Date; readonly expiresAt: Date }): Date {
  const later = dueAt(asked.expiresAt, deliveryHours);
  return later > asked.dueAt ? later : asked.dueAt;
}

/** The same after a message came back. */
export const noticeDueAfterBounce = ({
  dueAt,
  now,
}: {
  readonly dueAt: Date;
  readonly now: Date;
}): Date => noticeDueAfter({ dueAt, expiresAt: now });

export const expiryOf = (askedAt: Date): Date => addHours(askedAt, deliveryHours);

const probationSms = 20;
const smsOfRecord = 2;

export interface SmsBudgetFacts {
  readonly inProbation: boolean;
  /** Own records that the platform submitted in 24 h */
  readonly submitted: number;
  /** True where an earlier number of the same record goes first */
  readonly isFurther: boolean;
}

/**
 * Text messages of a platform and day, up to which this one goes out: a member chooses the numbers, and the registry pays.
 * A further number of a record leaves one message for each record.
 */
export function smsBudget({ inProbation, submitted, isFurther }: SmsBudgetFacts): number {
  const budget = inProbation ? probationSms : Math.max(probationSms, smsOfRecord * submitted);
  return isFurther ? Math.max(0, budget - submitted) : budget;
}

/** Messages beyond a budget wait for the next day, which begins at midnight UTC. */
export const nextSmsDay = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
