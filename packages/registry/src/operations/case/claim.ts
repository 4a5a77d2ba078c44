import { caseKey, toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { lockCase, speaksAs } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { freshKey, newClaimantId } from '../../cases/secrets.ts';
import { signingKeyOf } from '../../cases/signed-act.ts';
import { refusal } from '../../kernel/refusal.ts';
import { addWays, codeOf, findClaimant, insertClaimant } from '../../review/claimant-store.ts';

/** So long after its delivery the use of a code says that whoever uses it reads what is sent to the identifier. */
const deliveredDays = 90;

/**
 * Becomes a claimant by a code, which is never used up: whoever claims takes nothing from anybody. Whoever is a claimant
 * of this case already has one way more, and keeps the signing key that they came with.
 */
export async function claimCase(
  ctx: CaseContext,
  { code, newKey, signingKey }: CaseInput<'case.claim'>,
): Promise<CaseOutput<'case.claim'>> {
  const { db, now: at } = ctx;
  const { record, claimant: known } = await lockCase(ctx, code);
  const used = known ? undefined : await codeOf(db, caseKey(code));
  if (!used) throw refusal('state-conflict', 'code', 'is-key');
  const before = await findClaimant(db, caseKey(newKey));
  const isSame = before?.sanction === record.id;
  const claimant = isSame ? speaksAs(before) : newClaimantId(ctx);
  if (!isSame) {
    const secret = await freshKey(ctx, newKey);
    const { id: sanction } = record;
    await insertClaimant(db, {
      id: claimant,
      sanction,
      secret,
      kind: 'self',
      acts_for: null,
      signing_key: signingKeyOf(signingKey),
      since: at,
    });
  }
  const { position, made_at: madeAt } = used;
  await addWays(db, {
    claimant,
    sanction: record.id,
    way: position === null ? 'handed' : 'delivered',
    positions: [position],
    at,
    proven_at: earlier(at, addDays(madeAt, deliveredDays)),
  });
  return { sanction: record.id, claimedAt: toTimestamp(at) };
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
