import type { Outcome, Purpose } from '@recourse/protocol';

export interface ChecksTable {
  id: string;
  party: string;
  purpose: Purpose;
  elements: number;
  proven_at: Date | null;
  at: Date;
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
  told_at: Date;
  due_at: Date;
  outcome: Outcome | null;
  outcome_at: Date | null;
  reviewed_at: Date | null;
  notice_sent_at: Date | null;
}

/** The duty of a platform that was told to undo, pause or correct. */
export interface RecallsTable {
  id: string;
  sanction: string;
  version: number;
  party: string;
  kind: 'undo' | 'pause' | 'correct';
  issued_at: Date;
  due_at: Date;
}
