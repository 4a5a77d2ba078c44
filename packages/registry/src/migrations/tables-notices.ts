import { deliveryChannels } from '@recourse/protocol';
import { quoted } from './quoted.ts';

/** What the registry writes to the addresses of a record. */
export const noticeTables = [
  // One message an address and record. What nobody took for 72 hours may be asked for again.
  `create table notice_deliveries (
    sanction text not null references sanctions,
    position integer not null check (position between 0 and 7),
    channel text not null check (channel in (${quoted(deliveryChannels)})),
    language text not null,
    -- Address and code, sealed under the key of the case: gone once a server took the message, or after 72 hours
    address bytea,
    asked_at timestamptz not null,
    expires_at timestamptz not null check (expires_at <= asked_at + interval '72 hours'),
    tries integer not null default 0,
    retry_at timestamptz,
    -- Stands in the message, and comes back with it
    message text unique check (message ~ '^[A-Za-z0-9_-]{22}$'),
    result text check (result in ('taken', 'refused', 'unsent')),
    result_at timestamptz,
    bounced_at timestamptz,
    primary key (sanction, position),
    constraint notice_deliveries_address_gone check (result is null or address is null),
    check ((result is null) = (result_at is null)),
    constraint notice_deliveries_bounced
      check (bounced_at is null or coalesce(result in ('taken', 'refused'), false))
  )`,
  `create index notice_deliveries_waiting on notice_deliveries (retry_at) where result is null`,
];
