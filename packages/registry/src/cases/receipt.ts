import type { CaseInput, CaseOutput, Opening } from '@recourse/protocol';
import { appealRecords } from '../review/view.ts';
import { openAsClaimant } from './access.ts';
import type { CaseContext } from './context.ts';
import { keyOf } from '../vault/case-keys.ts';
import { openingsFor } from './receipt.rules.ts';
import { placeOf } from '../vault/vault.ts';
import { openingsOf, toldTo } from './view-store.ts';

type ReceiptOpening = CaseOutput<'case.receipt'>['openings'][number];

/**
 * What a creator proves a case with, whatever becomes of this registry. Of who was told its openings name those that the
 * page names.
 */
export async function receiptOfCase(
  ctx: CaseContext,
  { key: secret }: CaseInput<'case.receipt'>,
): Promise<CaseOutput<'case.receipt'>> {
  const { record, claimant } = await openAsClaimant(ctx, secret);
  const caseKey = keyOf(ctx, record);
  const openings = (await openingsOf(ctx.db, record.id)).map(
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by this registry
    (row) =>
      caseKey.openJson(row.opening, placeOf('openings.opening', row)) as Opening & ReceiptOpening,
  );
  const of = { sanction: record.id, claimant: claimant.id };
  const { told, toldOthers } = await toldTo(ctx, of);
  return {
    registry: ctx.services.origin,
    sanction: record.id,
    statement: record.statement,
    appeals: await appealRecords(ctx.db, { sanction: record.id, now: ctx.now }),
    openings: openingsFor(openings, told),
    toldOthers,
  };
}
