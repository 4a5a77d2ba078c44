import type { Entry, Opening, RecallRecord } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import type { OwnEntry } from './own-openings.ts';

/** A finding about the ledger, with its proof: an opening proves its entry, which anybody finds in the log. */
export type OwnFinding =
  /** The ledger says that the party answered a recall, but no key of the party signed that */
  | ({
      /** The acknowledgement is not the party's */
      readonly code: 'acknowledgement-forged';
    } & (
      | OwnEntry
      | {
          /** The recall as it is listed */
          readonly recall: RecallRecord;
        }
    ))
  /** The registry does not open a disclosure that the party was told of, or that a recall names */
  | {
      /** A disclosure has no opening */
      readonly code: 'disclosure-missing';
      /** The record that was disclosed */
      readonly sanction: string;
      /** Version that was disclosed */
      readonly version?: number;
    }
  /** The registry opens an entry about a disclosure to the party to nobody */
  | {
      /** An entry has no opening */
      readonly code: 'opening-missing';
      /** The entry in the log */
      readonly entry: Entry;
    }
  /** The ledger has another recall than `recalls.list` */
  | ({
      /** The lists differ */
      readonly code: 'recalls-differ';
    } & (
      | {
          /** Opening in the ledger */
          readonly opening: Opening;
        }
      | {
          /** Recall in the list */
          readonly recall: RecallRecord;
        }
    ))
  /** The opening does not open its entry, or the entry is not in the log */
  | {
      /** The opening proves nothing */
      readonly code: 'commitment-invalid' | 'not-logged';
      /** Opening that the registry gave */
      readonly opening: Opening;
    };

/** Thrown when the ledger does not hold for the own party. */
export class OwnLedgerError extends RecourseError {
  /** Every finding, with its proof; not enumerable, since it holds salts */
  declare readonly findings: readonly OwnFinding[];

  /** @param findings the first one gives the code */
  constructor(findings: readonly [OwnFinding, ...OwnFinding[]]) {
    super(findings[0].code, {
      issues: findings.map((finding) => ({ path: subjectOf(finding), code: finding.code })),
    });
    // They hold salts and ids of cases: not for a log that prints every member of an error.
    Object.defineProperty(this, 'findings', { value: findings, enumerable: false });
  }
}

/** Which recall or sanction a finding is about; the type of the entry where it is about neither. */
function subjectOf(finding: OwnFinding): string {
  if ('recall' in finding) return finding.recall.recall;
  if ('sanction' in finding) return finding.sanction;
  if ('entry' in finding) return finding.entry.type;
  const { detail, sanction, entry } = finding.opening;
  const recall = detail?.['recall'];
  return typeof recall === 'string' ? recall : (sanction ?? entry.type);
}
