import {
  demandKinds,
  mostDelayDays,
  objectionGrounds,
  orderBodies,
  orderEffects,
} from '@recourse/protocol';
import { quoted } from './quoted.ts';
import { groupTables } from './tables-groups.ts';

const quarter = `quarter text not null check (quarter ~ '^20[0-9]{2}-Q[1-4]$')`;

/** How parties come, answer to each other and to the public, and go. */
export const membershipTables = [
  ...groupTables,
  `create table objections (
    party text not null references parties check (party ~ '^plt_'),
    by_party text not null references parties check (by_party ~ '^plt_'),
    -- That a group was not disclosed is in party_groups
    ground text not null check (ground in (${quoted(objectionGrounds)}) and ground <> 'group-undisclosed'),
    at timestamptz not null,
    primary key (party, by_party),
    check (by_party <> party)
  )`,
  `create table admissions (
    party text primary key references parties,
    outcome text not null check (outcome in ('admitted', 'refused')),
    at timestamptz not null,
    -- What the panel was asked
    item text not null unique,
    foreign key (item, party) references panel_items (id, party)
  )`,
  `create table authority_demands (
    id text primary key check (id ~ '^dmd_[0-9a-z]{26}$'),
    party text not null references parties check (party ~ '^plt_'),
    kind text not null check (kind in (${quoted(demandKinds)})),
    ${quarter},
    received integer not null check (received > 0),
    complied integer not null check (complied >= 0),
    refused integer not null check (refused >= 0),
    at timestamptz not null,
    publish_at timestamptz not null,
    logged boolean not null default false,
    check (complied + refused <= received),
    constraint authority_demands_delay
      check (publish_at between at and at + interval '${24 * mostDelayDays} hours')
  )`,
  `create index authority_demands_to_log on authority_demands (publish_at) where not logged`,
  `create table attestations (
    party text not null references parties check (party ~ '^plt_'),
    ${quarter},
    demands integer not null check (demands >= 0),
    statement text not null,
    kid text not null,
    at timestamptz not null,
    primary key (party, quarter),
    foreign key (kid, party) references keys (kid, party)
  )`,
  `create table orders (
    proposal text primary key references proposals,
    sanction text not null references sanctions,
    effect text not null check (effect in (${quoted(orderEffects)})),
    body text not null check (body in (${quoted(orderBodies)})),
    dated timestamptz not null,
    reference text not null,
    at timestamptz not null,
    check (dated <= at)
  )`,
  `create index orders_of_sanction on orders (sanction)`,
];
