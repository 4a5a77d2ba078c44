import type { DeliveryChannel } from '@recourse/protocol';
import type { Generated } from 'kysely';

/** A message of the registry to one address of a record. */
export interface NoticeDeliveriesTable {
  sanction: string;
  position: number;
  channel: DeliveryChannel;
  language: string;
  /** Address and code, sealed under the case key; gone once it has a result */
  address: Uint8Array | null;
  asked_at: Date;
  expires_at: Date;
  tries: Generated<number>;
  retry_at: Date | null;
  /** Stands in the message, and comes back with it; of one that the log alone knows none */
  message: string | null;
  result: 'taken' | 'refused' | 'unsent' | null;
  result_at: Date | null;
  bounced_at: Generated<Date | null>;
}
