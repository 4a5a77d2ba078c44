import type { SharedJournal } from '@recourse/protocol';
import type { RecourseError } from '../errors.ts';
import type { EvidenceOpening } from '../commitments.ts';

/** Notes that a notice and an appeal will need of one record. */
export interface JournalEntry extends Pick<SharedJournal, 'caseCode' | 'account' | 'identifiers'> {
  /** In the order of the statement */
  readonly evidence: readonly EvidenceOpening[];
}

/** Colleagues of the platform who hold what an appeal will need of a record. */
export interface JournalSharing {
  /** As far as `connect` has a store of sealing keys */
  readonly shared: {
    /** Colleagues who can deliver while the author is away; 0 where nobody published a sealing key */
    readonly colleagues: number;
    /** Why nobody has it. The record stands, and the own journal has it: call `journals.share` again */
    readonly error?: RecourseError | undefined;
  };
}
