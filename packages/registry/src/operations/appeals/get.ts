import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { keyedAssignments } from '../../review/assignment-store.ts';
import { evidenceOf } from '../../review/evidence.ts';
import { claimantsOf } from '../../review/join-store.ts';
import { findInspection } from '../../review/inspection-store.ts';
import { viewInspection } from '../../review/inspection-view.ts';
import { findOwn, withAppeal } from '../../review/lock-review.ts';
import {
  viewAppeal,
  viewJoined,
  viewNews,
  viewQuestions,
  viewResponse,
} from '../../review/view.ts';
import { placeOf } from '../../vault/vault.ts';

/** Reads what the submitter of a sanction owes in a case, and to whom; the creator's words for trust keys alone. */
export async function getAppeal(
  ctx: CallContext,
  { appeal: id }: OpInput<'appeals.get'>,
): Promise<OpOutput<'appeals.get'>> {
  const { db, now, caller } = ctx;
  const own = await findOwn(ctx, id);
  const { record } = own;
  const owed = {
    claims: (await keyedAssignments(db, id)).map(({ statement }) => statement),
    evidence: (await evidenceOf(db, { review: id, statement: record.statement })).states,
  };
  const inspection = await findInspection(db, id);
  if (inspection) return { ...viewInspection(inspection, now), ...owed };
  const { appeal } = await withAppeal(ctx, own);
  const caseKey = ctx.services.vault.keyOf(record);
  const reads = caller.role === 'trust';
  const numbers = await claimantsOf(db, id);
  return {
    ...viewAppeal(appeal, now),
    ...owed,
    ...(reads
      ? {
          words: caseKey.openText(appeal.words, placeOf('appeals.words', appeal)),
          ...viewNews(appeal, caseKey),
        }
      : {}),
    joined: await viewJoined(db, { appeal: id, numbers, caseKey: reads ? caseKey : undefined }),
    questions: await viewQuestions(db, { appeal: id, caseKey, answers: reads, numbers }),
    ...viewResponse(appeal, reads ? caseKey : undefined),
  };
}
