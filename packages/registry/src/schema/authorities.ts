import { demandKinds, mostDelayDays, orderBodies, orderEffects } from '@recourse/protocol';
import { defineTable, oneOf, type RowOf } from './define-table.ts';

const quarter = `text not null check (quarter ~ '^20[0-9]{2}-Q[1-4]$')`;

/** Demands of authorities, as platforms report them. */
export const authorityDemands = defineTable('authority_demands', {
  keep: {
    why: 'demands of authorities that were refused',
    form: 'counts; public by its date',
    life: 'party',
  },
  columns: (row) => ({
    id: row.fixed(`text primary key check (id ~ '^dmd_[0-9a-z]{26}$')`),
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    kind: row.fixed('text not null', oneOf(demandKinds)),
    quarter: row.fixed(quarter),
    received: row.fixed('integer not null check (received > 0)'),
    complied: row.fixed('integer not null check (complied >= 0)'),
    refused: row.fixed('integer not null check (refused >= 0)'),
    at: row.fixed('timestamptz not null'),
    publish_at: row.fixed('timestamptz not null'),
    /** The ledger has it */
    logged: row.changing('boolean not null default false'),
  }),
  constraints: [
    'check (complied + refused <= received)',
    `constraint authority_demands_delay
        check (publish_at between at and at + interval '${24 * mostDelayDays} hours')`,
  ],
  indexes: { authority_demands_to_log: '(publish_at) where not logged' },
});

export type AuthorityDemandsTable = RowOf<typeof authorityDemands>;

/** Quarterly signed statements. */
export const attestations = defineTable('attestations', {
  keep: {
    why: 'what a platform signed about demands of authorities',
    form: 'clear, public',
    life: 'party',
  },
  columns: (row) => ({
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    quarter: row.fixed(quarter),
    demands: row.fixed('integer not null check (demands >= 0)'),
    /** `recourse-attestation+jwt` */
    statement: row.fixed('text not null'),
    kid: row.fixed('text not null'),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: [
    'primary key (party, quarter)',
    'foreign key (kid, party) references keys (kid, party)',
  ],
});

export type AttestationsTable = RowOf<typeof attestations>;

/** Orders of courts and data protection authorities that were executed. */
export const orders = defineTable('orders', {
  keep: {
    why: 'which court or data protection authority ended or restricted a record',
    form: 'clear; hash of its reference',
    life: 'remains',
  },
  columns: (row) => ({
    proposal: row.fixed('text primary key references proposals'),
    sanction: row.fixed('text not null references sanctions'),
    effect: row.fixed('text not null', oneOf(orderEffects)),
    body: row.fixed('text not null', oneOf(orderBodies)),
    dated: row.fixed('timestamptz not null'),
    /** H of the order's reference */
    reference: row.fixed('text not null'),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: ['check (dated <= at)'],
  indexes: { orders_of_sanction: '(sanction)' },
});

export type OrdersTable = RowOf<typeof orders>;
