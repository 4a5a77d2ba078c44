import { identifierKinds, toNumericDate, type OpInput } from '@recourse/protocol';
import type {
  CheckOptions,
  Creator,
  OutcomeReport,
  ProvenIdentifier,
  SanctionInput,
  TellOrder,
} from '@recourse/sdk';
import type {
  AcknowledgementOrder,
  CheckOrder,
  NoticeOrder,
  OutcomesOrder,
  SanctionOrder,
} from './schemas.ts';

/**
 * Orders of services as the SDK takes them: times become dates, base64 becomes bytes. Each member of the SDK is named, also
 * one that may be left out.
 */
export function sanctionInputOf(order: SanctionOrder): Required<SanctionInput> {
  const { creator, incident, decidedAt, evidence, expires, gravity, evades, ref, ...same } = order;
  return {
    ...same,
    creator: creatorOf(creator, (proven) => ({ ...proven, provenAt: new Date(proven.provenAt) })),
    incident: { from: new Date(incident.from), to: new Date(incident.to) },
    decidedAt: new Date(decidedAt),
    evidence: evidence.map(({ content, ...item }) => ({ ...item, source: bytesOf(content) })),
    expires: expires === undefined ? undefined : new Date(expires),
    gravity,
    evades,
    ref,
  };
}

export const checkInputOf = (
  order: CheckOrder,
): { readonly creator: Creator<string>; readonly options: CheckOptions } => ({
  creator: creatorOf(order.identifiers, (value) => value),
  options:
    order.purpose === 'signup'
      ? { purpose: order.purpose, ref: order.ref, provenAt: new Date(order.provenAt) }
      : { purpose: order.purpose, ref: order.ref, provenAt: dateOf(order.provenAt) },
});

const dateOf = (time: string | undefined): Date | undefined =>
  time === undefined ? undefined : new Date(time);

export const tellOrderOf = ({
  language,
  email,
  phone,
  stated,
}: NoticeOrder): Omit<TellOrder, 'sanction'> => ({
  language,
  creator: { email, phone },
  stated: stated && { channel: stated.channel, sentAt: new Date(stated.sentAt) },
});

type Report = OutcomesOrder['outcomes'][number];

const isBurden = (report: Report): report is Extract<Report, { reviewedAt: string }> =>
  report.outcome === 'refused' || report.outcome === 'admitted-with-safeguards';

export const outcomesOf = ({ outcomes }: OutcomesOrder): OutcomeReport[] =>
  outcomes.map((report) =>
    isBurden(report)
      ? {
          ...report,
          reviewedAt: new Date(report.reviewedAt),
          noticeSentAt: new Date(report.noticeSentAt),
        }
      : {
          ...report,
          reviewedAt: dateOf(report.reviewedAt),
          noticeSentAt: dateOf(report.noticeSentAt),
        },
  );

export function acknowledgementOf(
  order: AcknowledgementOrder,
): Omit<OpInput<'recalls.acknowledge'>, 'recall'> {
  const { ownGrounds, ...same } = order;
  if (ownGrounds === undefined) return same;
  const { reviewedAt, noticeSentAt, matchWasOnlyGround } = ownGrounds;
  return {
    ...same,
    ownGrounds: {
      reviewedAt: secondsOf(reviewedAt),
      noticeSentAt: secondsOf(noticeSentAt),
      matchWasOnlyGround,
    },
  };
}

export const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');

const secondsOf = (time: string): number => toNumericDate(new Date(time));

type IdentifierFields<T> = {
  readonly [K in (typeof identifierKinds)[number]]?: T | T[] | undefined;
};

const creatorOf = <T extends string | object, U extends string | ProvenIdentifier>(
  fields: IdentifierFields<T>,
  convert: (item: T) => U,
): Creator<U> =>
  Object.fromEntries(
    identifierKinds.flatMap((kind) => {
      const items = fields[kind];
      if (items === undefined) return [];
      return [[kind, Array.isArray(items) ? items.map(convert) : convert(items)]];
    }),
  );
