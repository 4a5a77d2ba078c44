import type { ReversalCause } from '@recourse/protocol';
import { endSanction } from '../sanctions/ending.ts';
import { recordFinding } from '../sanctions/appeal-closing.ts';
import { standingOf } from '../sanctions/record.ts';
import { findSanction, type SanctionRow } from '../sanctions/store.ts';
import type { Acting } from '../sanctions/transition.ts';
import { closeInspection } from './inspection-closing.ts';
import type { InspectionRow } from './inspection-store.ts';
import { wasFoundWrong } from './redecision-store.ts';

export interface Failure {
  readonly by: 'votes' | 'evidence';
  readonly cause: Extract<ReversalCause, 'insufficient-evidence' | 'evidence-mismatch'>;
  /** The signed vote, where one decided it */
  readonly artefact?: string;
}

/**
 * A failure is a reversal. Of a record that had ended it is a finding; where it was found to be wrong before, the reviewers
 * agree, and nothing follows.
 * @returns the recalls that this owes
 */
export async function failInspection(
  acting: Acting,
  { inspection, record }: { inspection: InspectionRow; record: SanctionRow },
  { by, cause, artefact }: Failure,
): Promise<number> {
  const { db, now: at } = acting;
  const { item, appeal } = inspection;
  const votes = artefact === undefined ? [] : [artefact];
  await closeInspection(acting, { item, record }, { by, at, outcome: 'failed', votes });
  const after = (await findSanction(db, record.id)) ?? record;
  if (!standingOf(after, at).ended) {
    const whose = by === 'votes' ? 'panel' : record.party;
    const ending = { kind: 'reversed', cause, by: whose, artefact } as const;
    return (await endSanction(acting, after, ending)).recalls;
  }
  if (appeal === null || (await wasFoundWrong(db, record.id))) return 0;
  return recordFinding(acting, after, { appeal, item, cause, at });
}
