import type {
  EventBody,
  EventType,
  Outcome,
  Purpose,
  RecallAction,
  RecallKind,
} from '@recourse/protocol';
import type { ColumnType, Generated } from 'kysely';

export interface ChecksTable {
  id: string;
  party: string;
  purpose: Purpose;
  elements: number;
  proven_at: Date | null;
  ref: string | null;
  at: Date;
  /** Identifiers in the published set that no record answered */
  empty: Generated<number>;
  epochs: Generated<number>;
  /** Marks of the tokens that were asked under it; empty once they were forgotten */
  asked: Generated<number[] | null>;
}

/** What a platform used of its bucket of elements, and the windows that its alarms are judged by. */
export interface CheckMetersTable {
  party: string;
  bucket: number;
  spent: number;
  surplus: number;
  at: Date;
  open_elements: Generated<number>;
  open_expected: Generated<number>;
  open_empty: Generated<number>;
  closed_elements: Generated<number>;
  closed_expected: Generated<number>;
  closed_empty: Generated<number>;
  closed_at: Generated<Date | null>;
}

/** That a platform was told of a version of a sanction: what a recall is owed for. */
export interface DisclosuresTable {
  sanction: string;
  version: number;
  party: string;
  at: Date;
}

/** One sanction disclosed to one platform by one check. */
export interface MatchesTable {
  id: string;
  check_id: string;
  party: string;
  sanction: string;
  version: number;
  purpose: Purpose;
  ref: string | null;
  advice: Generated<'review' | 'verify-identity'>;
  /** Of the subjects that it was asked about */
  positions: Generated<number[]>;
  told_at: Date;
  due_at: Date;
  outcome: Outcome | null;
  outcome_at: Date | null;
  reviewed_at: Date | null;
  notice_sent_at: Date | null;
  /** When its platform was reminded that the outcome is owed */
  reminded_at: Generated<Date | null>;
}

/** The duty of a platform that was told to undo, pause or correct. */
export interface RecallsTable {
  id: string;
  sanction: string;
  version: number;
  party: string;
  kind: RecallKind;
  issued_at: Date;
  due_at: Date;
  /** Its own id, once an acknowledgement of it exists */
  acknowledgement: string | null;
  superseded_by: string | null;
  /** When its lateness was written into the ledger */
  overdue_at: Date | null;
}

export interface AcknowledgementsTable {
  recall: string;
  party: string;
  /** null with what follows from the call, where only the log tells of it */
  kid: string | null;
  jti: string | null;
  ack: string;
  action: RecallAction | null;
  copies: 'deleted' | 'kept' | null;
  reviewed_at: Date | null;
  notice_sent_at: Date | null;
  at: Date;
}

/** What waits to be polled by one platform, in the order of `seq`. */
export interface EventsTable {
  id: string;
  seq: Generated<number>;
  party: string;
  type: EventType;
  sanction: string;
  body: ColumnType<EventBody, EventBody, EventBody>;
  at: Date;
  acked_at: Date | null;
}
