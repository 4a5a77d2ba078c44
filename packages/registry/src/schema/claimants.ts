import {
  type AccessKind,
  accessKinds,
  claimantWays as ways,
  mostContactTries,
} from '@recourse/protocol';
import { codesADay } from './figures.ts';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';
import { quoted } from './quoted.ts';

/** A person on the creator's side of a case. */
export const claimants = defineTable('claimants', {
  keep: {
    why: 'who acts on a case, and by which key they sign what they give up',
    form: 'hash of a random secret; a random public key; opaque ids',
    life: 'case',
    goes: 'row',
  },
  columns: (row) => ({
    id: row.fixed(`text primary key check (id ~ '^clm_[0-9a-z]{26}$')`),
    sanction: row.fixed('text not null references sanctions'),
    /** H of it; another one once they replaced it */
    secret: row.changing('text not null unique'),
    kind: row.fixed(
      `text not null check (kind in ('self', ${quoted(accessKinds)}))`,
      typed<'self' | AccessKind>(),
    ),
    /** The claimant who let them in */
    acts_for: row.fixed('text'),
    /** JCS of the public key that signs what they give up; none where their browser made none */
    signing_key: row.fixed('text check (length(signing_key) < 300)'),
    since: row.fixed('timestamptz not null'),
    left_at: row.changing('timestamptz check (left_at >= since)'),
  }),
  constraints: [
    'unique (id, sanction)',
    'foreign key (acts_for, sanction) references claimants (id, sanction)',
    `constraint claimants_let_in check ((kind = 'self') = (acts_for is null))`,
  ],
  indexes: {
    claimants_of: '(sanction)',
    claimants_acting: '(acts_for) where acts_for is not null',
  },
});

export type ClaimantsTable = RowOf<typeof claimants>;

/** The ways by which claimants came: a code, or an identifier of the record. */
export const claimantWays = defineTable('claimant_ways', {
  keep: {
    why: 'by which identifiers a claimant came, and when that was last proven',
    form: 'clear; opaque ids, no identifier',
    life: 'case',
    goes: 'row',
  },
  columns: (row) => ({
    claimant: row.fixed('text not null'),
    sanction: row.fixed('text not null'),
    way: row.fixed('text not null', oneOf(ways)),
    /** The place of the subject; none of a code that the platform handed out */
    position: row.fixed('integer check (position between 0 and 7)'),
    /** They were the first who used that code */
    first_use: row.fixed('boolean not null default false'),
    /**
     * Proves the identifier to the registry, not whose side they are on. By any other way the accuser or a friend may have
     * come: it binds and erases nothing of another's, and shows no names.
     */
    proves: row.fixed(
      `boolean not null generated always as (way = 'proof' or (way = 'delivered' and first_use)) stored`,
    ),
    /** They came by a code that the registry sent to a phone: numbers change hands */
    by_phone: row.fixed('boolean not null default false'),
    at: row.fixed('timestamptz not null'),
    /** The last time that they showed it */
    proven_at: row.changing('timestamptz not null'),
    /** Since when they say that the number is theirs */
    number_since: row.changing('timestamptz'),
  }),
  constraints: [
    'unique nulls not distinct (claimant, way, position, first_use)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
    `constraint claimant_ways_handed check ((way = 'handed') = (position is null))`,
    `constraint claimant_ways_used check (way = 'delivered' or not first_use)`,
    `constraint claimant_ways_number check (
        (way in ('delivered', 'proof') or not by_phone) and (by_phone or number_since is null))`,
  ],
  indexes: {
    claimant_ways_of: '(sanction)',
    claimant_ways_proven: '(sanction, position) where proves',
  },
});

export type ClaimantWaysTable = RowOf<typeof claimantWays>;

/** Whom a claimant lets in; invited first, then a claimant with a secret of their own. */
export const caseAccess = defineTable('case_access', {
  keep: {
    name: {
      why: 'what a claimant calls whom they let in',
      form: 'sealed',
      life: 'texts',
      goes: `''`,
    },
    row: {
      why: 'whom a claimant let in, since when and until when',
      form: 'hashes of random codes; opaque ids',
      life: 'case',
      goes: 'row',
    },
  },
  columns: ({ name, row }) => ({
    sanction: row.fixed('text not null references sanctions'),
    by_claimant: row.fixed('text not null'),
    place: row.fixed('integer not null check (place between 1 and 999)'),
    kind: row.fixed('text not null', oneOf(accessKinds)),
    /** As the claimant named them, sealed under the key of the case; empty once its texts are erased */
    name: name.fixed('bytea not null'),
    /** H of the code, which lets in once */
    invite: row.fixed('text not null unique'),
    invited_at: row.fixed('timestamptz not null'),
    invite_until: row.fixed(
      `timestamptz not null check (invite_until <= invited_at + interval '168 hours')`,
    ),
    /** The claimant who came by it */
    claimant: row.changing('text unique'),
    since: row.changing('timestamptz constraint case_access_in_time check (since < invite_until)'),
    ended_at: row.changing('timestamptz'),
  }),
  constraints: [
    'primary key (by_claimant, place)',
    'foreign key (by_claimant, sanction) references claimants (id, sanction)',
    'foreign key (claimant, sanction) references claimants (id, sanction)',
    'check ((claimant is null) = (since is null))',
  ],
  indexes: { case_access_of: '(sanction)' },
});

export type CaseAccessTable = RowOf<typeof caseAccess>;

/**
 * The address of a claimant that hears when a case has news. Nothing but the code goes there before its owner
 * confirmed it.
 */
export const caseContacts = defineTable('case_contacts', {
  keep: {
    address: {
      why: 'where the creator is told that the case has news; in which language; what stops it',
      form: 'sealed',
      // With its case at the latest: see `eraseFunctions`.
      life: 'contact',
    },
    row: {
      why: 'whose address it is, whether its owner confirmed it, and what it was told of',
      form: 'hashes of random codes; times and counts',
      life: 'contact',
    },
  },
  columns: ({ address, row }) => ({
    claimant: row.fixed('text primary key'),
    sanction: row.fixed('text not null'),
    /** Address, language and the code that stops the mails, sealed under the key of the case */
    address: address.fixed('bytea not null'),
    /** H of that code */
    stop: row.fixed('text not null unique'),
    at: row.fixed('timestamptz not null'),
    tries: row.changing(
      `integer not null default 0 check (tries between 0 and ${mostContactTries})`,
    ),
    confirm_by: row.fixed(`timestamptz not null check (confirm_by <= at + interval '24 hours')`),
    confirmed_at: row.changing('timestamptz check (confirmed_at < confirm_by)'),
    /** How much of what happened in the case it was told of */
    told: row.changing('integer not null'),
    mailed_at: row.changing(
      'timestamptz constraint case_contacts_confirmed check (mailed_at >= confirmed_at)',
    ),
    failures: row.changing('integer not null default 0'),
    /** The next try of a mail that could not be handed in */
    retry_at: row.changing('timestamptz'),
  }),
  constraints: [
    'foreign key (claimant, sanction) references claimants (id, sanction)',
    `constraint case_contacts_unconfirmed
        check (confirmed_at is not null or (mailed_at is null and retry_at is null and failures = 0))`,
  ],
  indexes: { case_contacts_of: '(sanction)' },
  later: ['add constraint case_contacts_looked foreign key (claimant) references contact_looks'],
  may: 'delete',
});

export type CaseContactsTable = RowOf<typeof caseContacts>;

/** When each address is looked at again. One of a server of 0.1.0 has no row before the contract, and is always due. */
export const contactLooks = defineTable('contact_looks', {
  keep: {
    why: 'when an address is looked at again',
    form: 'opaque ids; an instant',
    life: 'contact',
  },
  columns: (row) => ({
    claimant: row.fixed('text primary key references case_contacts on delete cascade'),
    sanction: row.fixed('text not null'),
    /** Whatever happens in its case makes that at once */
    look_at: row.changing(`timestamptz not null default '-infinity'`),
  }),
  indexes: { contact_looks_due: '(look_at)' },
});

export type ContactLooksTable = RowOf<typeof contactLooks>;

/** How many codes were asked for in a day for one address, or by one claimant: each has a budget of its own. */
export const codeMails = defineTable('code_mails', {
  keep: {
    why: 'how many codes were mailed to an address, or asked for by a claimant, in a day',
    form: 'keyed hash of the address, or of an opaque id; a count',
    life: 'codes',
  },
  columns: (row) => ({
    budget: row.fixed('bytea primary key check (octet_length(budget) = 32)'),
    /** Its day begins with the first code */
    since: row.changing('timestamptz not null'),
    sent: row.changing(
      `integer not null constraint code_mails_sent check (sent between 1 and ${codesADay.claimant})`,
    ),
  }),
  may: 'delete',
});

/** A one-time proof that was asked for: a MAC over the identifier. Neither that nor its token is kept. */
export const finds = defineTable('finds', {
  keep: {
    why: 'one-time proofs that were asked for',
    form: 'clear; neither identifier nor token',
    life: 'finds',
  },
  columns: (row) => ({
    id: row.fixed(`text primary key check (id ~ '^fnd_[0-9a-z]{26}$')`),
    kind: row.fixed('text not null', oneOf(['email', 'phone', 'domain', 'wallet'])),
    at: row.fixed('timestamptz not null'),
    expires_at: row.fixed('timestamptz not null'),
    tries: row.changing('integer not null default 0'),
    used_at: row.changing('timestamptz'),
  }),
  may: 'delete',
});

export type FindsTable = RowOf<typeof finds>;

/** A platform's word that whoever made the request controls an account or IBAN. */
export const tickets = defineTable('tickets', {
  keep: {
    why: "a platform's word that somebody controls an account or IBAN, and what it rests on",
    form: 'hash of a random secret; keyed hash of the token; the domain of the platform, or its check',
    life: 'tickets',
  },
  columns: (row) => ({
    request: row.fixed('text primary key'),
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    lookup: row.fixed('bytea not null check (octet_length(lookup) = 32)'),
    epoch: row.fixed('bigint not null'),
    kind: row.fixed('text not null', oneOf(['account', 'iban'])),
    /** The domain that the account names and its platform registered */
    domain: row.fixed('text'),
    /** The check that it cost, with the purpose `vouching`: its platform is told when the ticket opens a case */
    check_id: row.fixed('text not null unique references checks'),
    /** The check by which control of the IBAN was proven to its platform */
    proven_by: row.fixed('text references checks'),
    at: row.fixed('timestamptz not null'),
    expires_at: row.fixed('timestamptz not null'),
    used_at: row.changing('timestamptz'),
  }),
  constraints: [
    `constraint tickets_rest_on check (
        (kind = 'account') = (domain is not null) and (kind = 'iban') = (proven_by is not null))`,
  ],
  indexes: {
    tickets_of_proof: '(proven_by) where proven_by is not null',
  },
  may: 'delete',
});

export type TicketsTable = RowOf<typeof tickets>;

export const guesses = defineTable('guesses', {
  keep: { why: 'wrong secrets, of whomever', form: 'counts', life: 'guesses' },
  columns: (row) => ({
    hour: row.fixed('timestamptz primary key'),
    n: row.changing('integer not null'),
  }),
  may: 'delete',
});
