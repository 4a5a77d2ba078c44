import {
  type BookJwe,
  bookNames,
  type PublicJwk,
  reenrolDays,
  type Role,
} from '@recourse/protocol';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';

/** Keys that an admin key, or the enrolment itself, made valid. */
export const keys = defineTable('keys', {
  keep: { why: 'the chain: statements must verify', form: 'clear, public', life: 'proof' },
  columns: (row) => ({
    kid: row.fixed('text primary key'),
    party: row.fixed('text not null references parties'),
    holder: row.fixed('text not null'),
    role: row.fixed(
      `text not null constraint keys_role_of_party check (
        case when party = 'panel' then role = 'reviewer'
             when party = 'operator' then role = 'operator'
             else role in ('service', 'trust', 'support') end)`,
      typed<Role>(),
    ),
    admin: row.fixed(
      `boolean not null constraint keys_support_is_no_admin check (not (admin and role = 'support'))`,
    ),
    alg: row.fixed('text not null', oneOf(['Ed25519', 'ES256'])),
    jwk: row.fixed('jsonb not null', typed<PublicJwk>()),
    /** `recourse-enrol+jwt` of the enrolment key, `recourse-key+jwt` of every other */
    statement: row.fixed('text not null'),
    /** Position in the chain: a signer comes before what it signed */
    position: row.fixed('integer not null'),
    active_from: row.fixed('timestamptz not null'),
    revoked_at: row.changing('timestamptz'),
    revoked_why: row.changing('text', oneOf(['retired', 'compromised'])),
    compromised_since: row.changing('timestamptz'),
    /** JCS of its `key-added` */
    entry: row.fixed('text not null'),
    /** JCS of its latest `key-revoked` */
    revocation: row.changing('text'),
  }),
  constraints: [
    'unique (party, position)',
    'unique (kid, party)',
    'foreign key (holder, party) references holders (id, party)',
    'check ((revoked_at is null) = (revoked_why is null))',
    'check ((revoked_at is null) = (revocation is null))',
    `constraint keys_compromised check (compromised_since is null or revoked_why is not distinct from 'compromised')`,
  ],
  indexes: { keys_of_holder: '(holder) where revoked_at is null' },
});

export type KeysTable = RowOf<typeof keys>;

/** Proven keys that wait for a statement by an admin key. */
export const enrolments = defineTable('enrolments', {
  keep: { why: 'the proof of a waiting key', form: 'clear', life: 'enrolment' },
  columns: (row) => ({
    kid: row.fixed('text primary key'),
    party: row.fixed('text not null references parties'),
    holder: row.fixed('text not null'),
    role: row.fixed('text not null', typed<Role>()),
    admin: row.fixed('boolean not null'),
    enrolment: row.fixed('text not null'),
    enrolled_at: row.fixed('timestamptz not null'),
  }),
  constraints: ['foreign key (holder, party) references holders (id, party)'],
  may: 'delete',
});

export type EnrolmentsTable = RowOf<typeof enrolments>;

/** New first keys of a platform that lost its admin key. */
export const reenrolments = defineTable('reenrolments', {
  keep: {
    why: 'that a platform got new keys, when that was announced, and who stopped it',
    form: 'clear, public',
    life: 'party',
  },
  columns: (row) => ({
    /** H of the code that the new admin enrols with */
    invite: row.fixed('text primary key'),
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    holder: row.fixed('text not null'),
    /** H of the signed call by which the second operator executed it */
    call: row.fixed('text not null'),
    announced_at: row.fixed('timestamptz not null'),
    effective_at: row.fixed(`timestamptz not null constraint reenrolments_waiting
        check (effective_at >= announced_at + interval '${24 * reenrolDays} hours')`),
    lapses_at: row.fixed('timestamptz not null check (lapses_at > effective_at)'),
    /** JCS of the entry that announced it */
    entry: row.fixed('text not null'),
    stopped_at: row.changing('timestamptz'),
    stopped_by: row.changing('text references holders'),
    kid: row.changing('text references keys'),
    enrolled_at: row.changing(`timestamptz constraint reenrolments_in_time
        check (enrolled_at >= effective_at and enrolled_at < lapses_at)`),
  }),
  constraints: [
    'foreign key (holder, party) references holders (id, party)',
    'check ((stopped_at is null) = (stopped_by is null))',
    'check ((kid is null) = (enrolled_at is null))',
    'constraint reenrolments_one_end check (num_nonnulls(stopped_at, enrolled_at) <= 1)',
  ],
  indexes: { reenrolments_of: '(party)' },
});

export type ReenrolmentsTable = RowOf<typeof reenrolments>;

/** Public keys that journals of a platform are sealed to: one for each trust key, until another one takes its place. */
export const sealingKeys = defineTable('sealing_keys', {
  keep: {
    why: 'what journals of a platform are sealed to',
    form: 'clear, public keys; for the platform itself',
    life: 'sealing',
  },
  columns: (row) => ({
    /** The trust key */
    kid: row.fixed('text primary key'),
    party: row.fixed('text not null'),
    /** RFC 7638 thumbprint of the sealing key */
    sealing_kid: row.changing('text not null unique'),
    /** `recourse-sealing-key+jwt` */
    statement: row.changing('text not null'),
  }),
  constraints: ['foreign key (kid, party) references keys (kid, party)'],
  indexes: { sealing_keys_of: '(party)' },
  may: 'delete',
});

/**
 * Books that the people of a platform keep together: names of people, and who does what. The platform sealed them, and the
 * registry reads none.
 */
export const books = defineTable('books', {
  keep: {
    why: 'who is who, and who does what, for the trust keys of a platform',
    form: 'sealed by the platform to its trust keys',
    life: 'book',
  },
  columns: (row) => ({
    party: row.fixed('text not null'),
    book: row.fixed('text not null', oneOf(bookNames)),
    version: row.changing('integer not null'),
    /** The trust key that sent this version */
    kid: row.changing('text not null'),
    at: row.changing('timestamptz not null'),
    jwe: row.changing(
      'jsonb not null constraint books_bounded check (octet_length(jwe::text) <= 131072)',
      typed<BookJwe>(),
    ),
  }),
  constraints: [
    'primary key (party, book)',
    'foreign key (kid, party) references keys (kid, party)',
  ],
  may: 'delete',
});

export type BooksTable = RowOf<typeof books>;
