import type { CaseInput, CaseOutput } from '@recourse/protocol';
import { appealRecords } from '../appeals/view.ts';
import { openAsClaimant } from './access.ts';
import type { CaseContext } from './context.ts';
import { caseOf } from './open-case.ts';
import { placeOf } from './sealed-columns.ts';
import { openingsOf } from './view-store.ts';

/**
 * What a creator proves a case with, whatever becomes of this registry. The openings name everybody who was told, since the
 * root of the recalls covers them all.
 */
export async function receiptOfCase(
  ctx: CaseContext,
  { key: secret }: CaseInput<'case.receipt'>,
): Promise<CaseOutput<'case.receipt'>> {
  const { record } = await openAsClaimant(ctx, secret);
  const { caseKey } = await caseOf(ctx, record);
  const openings = await openingsOf(ctx.db, record.id);
  return {
    registry: ctx.services.origin,
    sanction: record.id,
    statement: record.statement,
    appeals: await appealRecords(ctx.db, { sanction: record.id, now: ctx.now }),
    openings: openings
      .map((row) => caseKey.openJson(row.opening, placeOf('openings.opening', row)))
      .map((opening) => opening as CaseOutput<'case.receipt'>['openings'][number]),
  };
}
