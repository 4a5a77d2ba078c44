import type { CaseInput, CaseOutput, Opening } from '@recourse/protocol';
import { asClaimant, cameBy, hiddenIn, openCase } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { openingsFor } from '../../cases/receipt.rules.ts';
import { openingsOf, toldTo } from '../../cases/view-store.ts';
import { appealsOf } from '../../review/store.ts';
import { viewAppeal } from '../../review/view.ts';
import { placeOf } from '../../vault/vault.ts';

type ReceiptOpening = CaseOutput<'case.receipt'>['openings'][number];

/**
 * Makes what a creator proves a case with, whatever becomes of this registry. Its openings name those who were told
 * that the page names.
 */
export async function receiptOfCase(
  ctx: CaseContext,
  { key: secret }: CaseInput<'case.receipt'>,
): Promise<CaseOutput<'case.receipt'>> {
  const opened = asClaimant(await openCase(ctx, secret));
  const { record, claimant } = opened;
  const caseKey = ctx.services.vault.keyOf(record);
  const openings = (await openingsOf(ctx.db, record.id)).map(
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by this registry
    (row) =>
      caseKey.openJson(row.opening, placeOf('openings.opening', row)) as Opening & ReceiptOpening,
  );
  const of = { sanction: record.id, claimant: claimant.id };
  const { told, toldOthers } = await toldTo(ctx, of);
  // The statement has the reason, and openings have what entries say of it.
  const isHidden = hiddenIn(opened, await cameBy(ctx, opened, secret)) !== undefined;
  return {
    registry: ctx.services.origin,
    sanction: record.id,
    ...(isHidden ? {} : { statement: record.statement }),
    appeals: (await appealsOf(ctx.db, record.id)).map((appeal) => viewAppeal(appeal, ctx.now)),
    openings: isHidden ? [] : openingsFor(openings, told),
    toldOthers,
  };
}
