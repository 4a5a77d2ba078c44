import { type EventBody, eventTypes, recallActions } from '@recourse/protocol';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';

/** The duty of a platform that was told to undo, pause or correct. */
export const recalls = defineTable('recalls', {
  keep: { why: 'who has to undo, and until when', form: 'clear', life: 'remains' },
  columns: (row) => ({
    id: row.fixed(`text primary key check (id ~ '^rcl_[0-9a-z]{26}$')`),
    sanction: row.fixed('text not null'),
    version: row.fixed('integer not null'),
    party: row.fixed('text not null'),
    kind: row.fixed('text not null', oneOf(['undo', 'pause', 'correct'])),
    issued_at: row.fixed('timestamptz not null'),
    due_at: row.fixed('timestamptz not null'),
    /**
     * Its own id, once an acknowledgement of it exists: that closes it, or the next recall of the same sanction for
     * the same platform
     */
    acknowledgement: row.changing('text check (acknowledgement = id)'),
    superseded_by: row.changing('text'),
    /** When its lateness was written into the ledger */
    overdue_at: row.changing('timestamptz'),
  }),
  constraints: [
    'unique (sanction, version, party)',
    'unique (id, party)',
    'unique (id, sanction, party)',
    'foreign key (superseded_by, sanction, party) references recalls (id, sanction, party)',
    'check (superseded_by <> id)',
  ],
  indexes: {
    recalls_open: '(party, due_at) where acknowledgement is null and superseded_by is null',
    recalls_of_party: '(party, id)',
    recalls_unreminded:
      '(due_at) where acknowledgement is null and superseded_by is null and overdue_at is null',
  },
  later: [
    // Closed by an acknowledgement that exists.
    'add constraint recalls_acknowledged foreign key (acknowledgement) references acknowledgements (recall)',
  ],
});

export type RecallsTable = RowOf<typeof recalls>;

export const acknowledgements = defineTable('acknowledgements', {
  keep: { why: 'what each did; the hash of its signed call', form: 'clear', life: 'remains' },
  columns: (row) => ({
    recall: row.fixed('text primary key'),
    party: row.fixed('text not null'),
    /** null with what follows from the call, where only the log tells of it */
    kid: row.fixed('text'),
    jti: row.fixed('text'),
    /** H of the platform's signed call */
    ack: row.fixed('text not null'),
    action: row.fixed('text', oneOf(recallActions)),
    copies: row.fixed('text', oneOf(['deleted', 'kept'])),
    reviewed_at: row.fixed('timestamptz'),
    notice_sent_at: row.fixed('timestamptz'),
    at: row.fixed('timestamptz not null'),
  }),
  constraints: [
    // Nobody acknowledges for another: the recall and the key are of one party.
    `constraint acknowledgements_own_recall
        foreign key (recall, party) references recalls (id, party)`,
    'constraint acknowledgements_own_key foreign key (kid, party) references keys (kid, party)',
    // Of one that was read back from the log only the hash is known.
    'check (num_nonnulls(kid, jti, action, copies) in (0, 4))',
    `constraint acknowledgements_own_grounds
        check (coalesce(action = 'kept-on-own-grounds', false) = (reviewed_at is not null))`,
    'check ((reviewed_at is null) = (notice_sent_at is null))',
    `constraint acknowledgements_review_then_notice
        check (reviewed_at is null or (reviewed_at <= notice_sent_at and notice_sent_at <= at))`,
  ],
});

export type AcknowledgementsTable = RowOf<typeof acknowledgements>;

/** Events that wait until their platform polls them, in the order of `seq`. */
export const events = defineTable('events', {
  keep: {
    why: 'what a platform is to hear',
    form: 'clear: numbers, versions, causes',
    life: 'events',
  },
  columns: (row) => ({
    id: row.fixed(`text primary key check (id ~ '^evt_[0-9a-z]{26}$')`),
    seq: row.fixed('bigint generated always as identity'),
    party: row.fixed(`text not null references parties check (party ~ '^plt_')`),
    type: row.fixed('text not null', oneOf(eventTypes)),
    sanction: row.fixed('text not null references sanctions'),
    body: row.fixed('jsonb not null', typed<EventBody>()),
    at: row.fixed('timestamptz not null'),
    acked_at: row.changing('timestamptz'),
  }),
  indexes: {
    events_waiting: '(party, seq) where acked_at is null',
    events_at: '(acked_at, at)',
    events_retokenise: `(party, at) where type = 'retokenise-reminder'`,
  },
  may: 'delete',
});

export type EventsTable = RowOf<typeof events>;
