import {
  toBase64url,
  type DisputeAnswer,
  type DisputeEnd,
  type EvidenceClass,
  type GeneralJwe,
} from '@recourse/protocol';
import { caseOf } from '../cases/open-case.ts';
import type { Place } from '../cases/sealed-columns.ts';
import type { CaseKey } from '../cases/vault.ts';
import type { CallContext } from '../context.ts';
import { readStatement } from '../sanctions/opening.ts';
import { findSanction } from '../sanctions/store.ts';
import { found } from '../sanctions/views.ts';

/** What becomes of a dispute by what its second reviewer says, of an appeal or of an inspection. */
export const endOfDispute: Readonly<Record<DisputeAnswer, DisputeEnd>> = {
  fits: 'void',
  'does-not-open': 'void',
  'does-not-fit': 'mismatch',
};

export interface DisputedItem {
  readonly class: EvidenceClass;
  readonly statement: string;
  readonly jwe: GeneralJwe;
  readonly contentKey: string;
}

/**
 * A disputed item as it was sealed, and the key that the first reviewer found.
 * @param of.place index in the statement's evidence
 */
export async function openDisputed(
  ctx: CallContext,
  dispute: { readonly sanction: string; readonly content_key: Uint8Array | null },
  of: { place: number; contentKey: Place; open: (caseKey: CaseKey) => GeneralJwe },
): Promise<DisputedItem> {
  const record = found(await findSanction(ctx.db, dispute.sanction), () => true);
  const { caseKey } = await caseOf(ctx, record);
  const key = found(dispute.content_key ?? undefined, () => true);
  const stated = found(readStatement(record.statement).evidence[of.place], () => true);
  return {
    class: stated.class,
    statement: record.statement,
    jwe: of.open(caseKey),
    contentKey: toBase64url(caseKey.open(key, of.contentKey)),
  };
}
