import type { ReversalCause } from '@recourse/protocol';
import { recordFinding } from '../records/appeal-closing.ts';
import { endSanction } from '../records/ending.ts';
import { standingOf } from '../records/record.ts';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import { closeInspection } from './inspection-closing.ts';
import type { InspectionRow } from './inspection-store.ts';
import { wasFoundWrong } from './redecision-store.ts';

interface Failure {
  readonly as: 'decided' | 'undelivered';
  readonly cause: Extract<ReversalCause, 'insufficient-evidence' | 'evidence-mismatch'>;
  /** The signed decision, where there is one */
  readonly artefact?: string;
}

/**
 * A failure is a reversal. Of a record that had ended it is a finding; where it was found to be wrong before, the reviewers
 * agree, and nothing follows.
 * @returns the recalls that this owes
 */
export async function failInspection(
  ctx: TransitionContext,
  { inspection, record }: { inspection: InspectionRow; record: LockedRecord },
  { as, cause, artefact }: Failure,
): Promise<number> {
  const { db, now: at } = ctx;
  const { id, appeal } = inspection;
  await closeInspection(ctx, { inspection: id, record }, { as, at, outcome: 'failed' });
  const after = await record.refresh();
  if (!standingOf(after, at).ended) {
    const whose = as === 'decided' ? 'panel' : record.party;
    const ending = { kind: 'reversed', cause, by: whose, artefact } as const;
    return (await endSanction(ctx, after, ending)).recalls;
  }
  if (appeal === null || (await wasFoundWrong(db, record.id))) return 0;
  return recordFinding(ctx, after, { appeal, item: id, cause, at });
}
