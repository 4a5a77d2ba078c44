import type { Entry, Opening, RecallRecord } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import type { OwnEntry } from './own-openings.ts';

/** A finding about the ledger, with its proof: an opening proves its entry, which anybody finds in the log. */
export type OwnFinding =
  /** The ledger says that the party answered a recall, but no key of the party signed that */
  | ({ readonly code: 'acknowledgement-forged' } & (OwnEntry | { readonly recall: RecallRecord }))
  /** The registry does not open a disclosure that the party was told of, or that a recall names */
  | { readonly code: 'disclosure-missing'; readonly sanction: string; readonly version?: number }
  /** The registry opens an entry about a disclosure to the party to nobody */
  | { readonly code: 'opening-missing'; readonly entry: Entry }
  /** The ledger has another recall than `recalls.list` */
  | ({ readonly code: 'recalls-differ' } & (
      { readonly opening: Opening } | { readonly recall: RecallRecord }
    ))
  /** The opening does not open its entry, or the entry is not in the log */
  | { readonly code: 'commitment-invalid' | 'not-logged'; readonly opening: Opening };

/** Thrown when the ledger does not hold for the own party. */
export class OwnLedgerError extends RecourseError {
  declare readonly findings: readonly OwnFinding[];

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
