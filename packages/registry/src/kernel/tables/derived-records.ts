/** A keyed hash of each token of a check that matched. */
export interface CheckedSubjectsTable {
  check_id: string;
  lookup: Uint8Array;
}

/** What a record commits to as evidence. */
export interface EvidenceCommitmentsTable {
  commitment: string;
  sanction: string;
}

/** That a record was made after its platform, or one of its group, was told of another on the same subject. */
export interface DerivedRecordsTable {
  derived: string;
  source: string;
}

/** What a derived record owes since a record that it followed fell: own evidence, or its end. */
export interface DerivedReviewsTable {
  derived: string;
  started_at: Date;
  due_at: Date;
  ends_at: Date;
  confirmed_at: Date | null;
  /** `recourse-echo+jwt`; none of one that only the log tells of */
  confirmation: string | null;
}
