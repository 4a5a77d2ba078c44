import { toNumericDate, type Id, type OpInput, type OpOutput } from '@recourse/protocol';
import { isRecourseError } from '../errors.ts';
import { listIdentifiers, type Creator } from '../identifiers.ts';
import type { Operations } from '../operations.ts';
import type { CallOptions } from '../transport/transport.ts';

/** An order to tell a creator of a record, and by which way. */
export interface TellOrder {
  /** Id of an own record */
  readonly sanction: Id<'snc'>;
  /** BCP 47 language of the message and of the case */
  readonly language: string;
  /** The identifiers of the record. The registry writes to every email address and phone number among them */
  readonly creator: Creator<string>;
  /** How and when you told the person in your own product; used if the registry can write to nobody */
  readonly stated?:
    | { readonly channel: OpInput<'sanctions.stateNotice'>['channel']; readonly sentAt: Date }
    | undefined;
}

/**
 * Who tells the creator:
 * - the registry, by messages whose state `deliveries` shows;
 * - the platform, marked as its word alone;
 * - nobody yet: the record has no address, and the platform stated nothing.
 */
export type NoticeOutcome =
  | ({
      /** The registry writes */
      readonly by: 'registry';
    } & OpOutput<'sanctions.notify'>)
  | ({
      /** The platform told the person itself */
      readonly by: 'platform';
    } & OpOutput<'sanctions.stateNotice'>)
  | {
      /** Nobody was told yet */
      readonly by: 'nobody';
      /** The record has no email address and no phone number */
      readonly why: 'no-address';
    };

type TellOperations = Pick<Operations['sanctions'], 'notify' | 'stateNotice'>;

/** Has the registry write to every address. States a notice only if it has none, or if each refused. */
export async function tellCreator(
  operations: TellOperations,
  order: TellOrder,
  options: CallOptions = {},
): Promise<NoticeOutcome> {
  const { sanction, language, creator, stated } = order;
  const addresses = listIdentifiers(creator)
    .filter(({ kind }) => kind === 'email' || kind === 'phone')
    .map(({ item }) => item);
  const asked =
    addresses.length === 0
      ? undefined
      : await unlessNoGateway(operations.notify({ sanction, language, addresses }, options));
  const isRefused = asked?.deliveries.every(
    ({ state }) => state === 'refused' || state === 'bounced',
  );
  if (asked && !(isRefused && stated)) return { by: 'registry', ...asked };
  if (!stated) return { by: 'nobody', why: 'no-address' };
  const { channel, sentAt } = stated;
  const { idem, ...rest } = options;
  const answer = await operations.stateNotice(
    { sanction, language, channel, sentAt: toNumericDate(sentAt) },
    // Another call of the same order.
    { ...rest, ...(idem === undefined ? {} : { idem: `${idem}:stated` }) },
  );
  return { by: 'platform', ...answer };
}

/** Undefined of a phone number that no gateway is there for. */
async function unlessNoGateway<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isRecourseError(error) && error.hasIssue('no-sms-gateway')) {
      return undefined;
    }
    throw error;
  }
}
