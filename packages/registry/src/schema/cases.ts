import {
  deliveryChannels,
  endCauses,
  type HistoryCause,
  type HistoryEvent,
  mostJournalVersions,
  pauseCauses,
} from '@recourse/protocol';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';

/** The key of a case, wrapped by a key that is not in the database. Erasing the row erases the case. */
export const caseKeys = defineTable('case_keys', {
  keep: {
    why: 'the key of the case; without it what is sealed is lost in every copy',
    form: 'wrapped by a key outside the database',
    life: 'case',
    goes: 'row',
  },
  columns: (row) => ({
    sanction: row.fixed('text primary key references sanctions'),
    wrapped: row.fixed('bytea not null'),
  }),
});

/** A code that lets one into a case. None is used up. */
export const caseCodes = defineTable('case_codes', {
  keep: {
    why: 'opens the case by a code, and says to which identifier it was delivered',
    form: 'hash of a random code',
    life: 'case',
    goes: 'row',
  },
  columns: (row) => ({
    /** H of the code */
    hash: row.fixed('text primary key'),
    sanction: row.fixed('text not null references sanctions'),
    /** The subject that it was delivered to; none of a code that the platform handed out */
    position: row.fixed('integer check (position between 0 and 7)'),
    made_at: row.fixed('timestamptz not null'),
    /** Whose way it was first: it proves that they read what is sent there. Anybody may have seen it by the second time */
    used_by: row.changing('text'),
  }),
  indexes: { case_codes_of: '(sanction)' },
});

export type CaseCodesTable = RowOf<typeof caseCodes>;

/** One identifier of one sanction, found by a keyed hash of its token. */
export const subjects = defineTable('subjects', {
  keep: {
    why: 'finds a record by a token; salt and token',
    form: 'keyed hash of the token; salt and token sealed',
    life: 'texts',
    goes: 'row',
  },
  columns: (row) => ({
    /** HMAC of the token under a key outside the database */
    lookup: row.fixed('bytea not null check (octet_length(lookup) = 32)'),
    epoch: row.fixed('bigint not null'),
    sanction: row.fixed('text not null references sanctions'),
    position: row.fixed('integer not null check (position between 0 and 7)'),
    kind: row.fixed(
      'text not null',
      oneOf(['email', 'phone', 'domain', 'account', 'wallet', 'iban']),
    ),
    control: row.fixed('text not null', oneOf(['otp', 'payment', 'dns', 'signature', 'kyc'])),
    proven_at: row.fixed('timestamptz not null'),
    matches_until: row.fixed('timestamptz not null'),
    /** When an amendment detached it: it matches nothing any more */
    detached_at: row.changing('timestamptz'),
    /** When a notice was delivered to it, and from when it answers `review` */
    delivered_at: row.changing('timestamptz'),
    review_from: row.changing('timestamptz'),
    /** Salt and token, sealed under the case key */
    sealed: row.fixed('bytea not null'),
  }),
  constraints: [
    `constraint subjects_review_after_delivery check (
        (delivered_at is null) = (review_from is null) and (delivered_at is null or review_from >= delivered_at))`,
    'primary key (lookup, epoch, sanction, position)',
  ],
  indexes: { subjects_of_sanction: '(sanction)' },
});

export type SubjectsTable = RowOf<typeof subjects>;

/** Serialises submissions of one platform about one subject. */
export const submitterSubjects = defineTable('submitter_subjects', {
  keep: {
    why: 'orders submissions of one group about one subject',
    form: 'keyed hash of the token, a count',
    // With the first record about that subject that is erased: see `eraseFunctions`.
    life: 'texts',
  },
  columns: (row) => ({
    group_name: row.fixed('text not null'),
    lookup: row.fixed('bytea not null'),
    submissions: row.changing('integer not null'),
  }),
  constraints: ['primary key (lookup, group_name)'],
});

/** Ends are rows of their own, inserted once, never changed. */
export const ends = defineTable('ends', {
  keep: {
    artefact: {
      why: 'the signed withdrawal or decision',
      form: 'clear',
      life: 'case',
      goes: 'null',
    },
    texts: { why: 'that texts of its record are kept', form: 'clear', life: 'texts', goes: 'null' },
    row: { why: 'how it ended', form: 'clear', life: 'remains' },
  },
  columns: ({ artefact, texts, row }) => ({
    sanction: row.fixed('text primary key references sanctions'),
    kind: row.fixed('text not null', oneOf(['withdrawn', 'reversed', 'undecided'])),
    cause: row.fixed('text not null', oneOf(endCauses)),
    at: row.fixed('timestamptz not null'),
    by_party: row.fixed('text not null references parties'),
    /** The signed withdrawal or decision; none where a deadline or a void ended it */
    artefact: artefact.fixed('text'),
    /** Of a home reversal: when its platform was told to lift the measure, or lifted it, as it signed */
    lifted_at: row.fixed('timestamptz'),
    /** The texts of its record are there: the scheduler looks for what is to be erased */
    texts: texts.fixed('boolean default true'),
  }),
  constraints: [
    // Under an appeal it is a concession.
    `constraint ends_lifted check (lifted_at is null
        or kind = 'withdrawn' and cause = 'home-reversal' and lifted_at <= at)`,
    // Lateness reverses nothing, and nothing else ends so.
    `constraint ends_undecided check (
        case when kind = 'undecided' then cause in ('undecided', 'evaded-ended') else cause <> 'undecided' end)`,
  ],
  indexes: {
    ends_withdrawn: `(at) where kind = 'withdrawn'`,
    ends_lifted_at: '(at) where lifted_at is not null',
    ends_to_empty: `(sanction) where kind = 'reversed' and texts`,
  },
});

export type EndsTable = RowOf<typeof ends>;

export const suspensions = defineTable('suspensions', {
  keep: { why: 'when and why it answered nothing', form: 'clear', life: 'remains' },
  columns: (row) => ({
    sanction: row.fixed('text not null references sanctions'),
    cause: row.fixed('text not null', oneOf(pauseCauses)),
    since: row.fixed('timestamptz not null'),
    /** Ends by itself here, as relief does */
    until: row.fixed('timestamptz'),
    lifted_at: row.changing('timestamptz'),
  }),
  constraints: [
    'primary key (sanction, cause, since)',
    'check (lifted_at is null or lifted_at >= since)',
  ],
});

export type SuspensionsTable = RowOf<typeof suspensions>;

/** Append-only history of a sanction. */
export const sanctionEvents = defineTable('sanction_events', {
  keep: { why: 'its history', form: 'clear', life: 'remains' },
  columns: (row) => ({
    sanction: row.fixed('text not null references sanctions'),
    position: row.fixed('integer not null'),
    version: row.fixed('integer not null'),
    event: row.fixed('text not null check (is_history_event(event))', typed<HistoryEvent>()),
    cause: row.fixed('text check (is_history_cause(cause))', typed<HistoryCause>()),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: ['primary key (sanction, position)'],
  indexes: { sanction_events_found: `(sanction) where event = 'finding'` },
});

/**
 * A message of the registry to one address of a record. What nobody took for 72 hours may be asked for again. One that came
 * back is written once more, in the same row: until that came back, too, everything is as without it.
 */
export const noticeDeliveries = defineTable('notice_deliveries', {
  keep: {
    address: {
      why: 'where the notice of a record goes, and the code in it: nothing else is sent there',
      form: 'sealed',
      life: 'delivery',
    },
    row: {
      why: 'whether a notice was delivered, and when',
      form: 'clear; a random number that stands in the message',
      life: 'remains',
    },
  },
  columns: ({ address, row }) => ({
    sanction: row.fixed('text not null references sanctions'),
    position: row.fixed('integer not null check (position between 0 and 7)'),
    channel: row.fixed('text not null', oneOf(deliveryChannels)),
    language: row.changing('text not null'),
    /** Address and code, sealed under the case key: gone once a server took the message, or after 72 hours */
    address: address.changing('bytea'),
    asked_at: row.changing('timestamptz not null'),
    expires_at: row.changing(
      `timestamptz not null check (expires_at <= asked_at + interval '72 hours')`,
    ),
    tries: row.changing('integer not null default 0'),
    retry_at: row.changing('timestamptz'),
    /** Stands in the envelope alone, and comes back with a bounce; of one that the log alone knows none */
    message: row.changing(`text unique check (message ~ '^[A-Za-z0-9_-]{22}$')`),
    result: row.changing('text', oneOf(['taken', 'refused', 'unsent'])),
    result_at: row.changing('timestamptz'),
    /** It came back once: since when the registry writes once more, and what became of that */
    again_at: row.changing('timestamptz'),
    again: row.changing('text', oneOf(['taken', 'refused', 'unsent'])),
    again_message: row.changing(`text unique check (again_message ~ '^[A-Za-z0-9_-]{22}$')`),
    /** Operator holders who say that the second came back, too */
    bounced_by: row.changing('text references holders'),
    confirmed_by: row.changing('text references holders'),
    bounced_at: row.changing('timestamptz'),
  }),
  constraints: [
    'primary key (sanction, position)',
    `constraint notice_deliveries_address_gone
        check (address is null or result is null or (again_at is not null and again is null))`,
    'check ((result is null) = (result_at is null))',
    `constraint notice_deliveries_bounced
        check (bounced_at is null or coalesce(result in ('taken', 'refused'), false))`,
    // Two people, whatever keys they hold.
    `constraint notice_deliveries_two_people check (
        (confirmed_by is null or coalesce(confirmed_by <> bounced_by, false))
        and (bounced_at is null or confirmed_by is not null))`,
  ],
  indexes: {
    notice_deliveries_waiting:
      '(retry_at) where result is null or (again_at is not null and again is null)',
  },
});

export type NoticeDeliveriesTable = RowOf<typeof noticeDeliveries>;

/** Text messages that the registry sent for a platform on the day of its last one. */
export const smsDays = defineTable('sms_days', {
  keep: {
    why: 'how many text messages went out for a platform in a day: each has a budget',
    form: 'a count; no creator',
    life: 'operation',
  },
  columns: (row) => ({
    party: row.fixed('text primary key references parties'),
    day: row.changing('date not null'),
    sent: row.changing('integer not null check (sent >= 0)'),
  }),
});

/**
 * Journals: each has what an appeal will need of a record, sealed by its platform, then under the key of the case. Each
 * row is a version, and none takes the place of another: a colleague could leave an appeal without evidence.
 */
export const journals = defineTable('journals', {
  keep: {
    why: 'what an appeal will need of the platform: identifiers, case code, account, salts of evidence; for its own trust keys',
    form: 'sealed by the platform to its trust keys, then under the key of the case',
    life: 'texts',
    goes: 'row',
  },
  columns: (row) => ({
    sanction: row.fixed('text not null references sanctions'),
    /** Its author, with how many versions of theirs there were before */
    holder: row.fixed('text not null references holders'),
    version: row.fixed(
      `integer not null constraint journals_of_one check (version between 0 and ${mostJournalVersions - 1})`,
    ),
    kid: row.fixed('text not null references keys'),
    at: row.fixed('timestamptz not null'),
    sealed: row.fixed(
      'bytea not null constraint journals_bounded check (octet_length(sealed) <= 131072)',
    ),
  }),
  constraints: ['primary key (sanction, holder, version)'],
});

export type JournalsTable = RowOf<typeof journals>;
