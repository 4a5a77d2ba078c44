import { caseKey, toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { acceptAccess, findInvite } from '../../cases/access-store.ts';
import { WrongSecret, type CaseContext } from '../../cases/context.ts';
import { freshKey, newClaimantId } from '../../cases/secrets.ts';
import { signingKeyOf } from '../../cases/signed-act.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { dueErasure } from '../../retention/erasing.ts';
import { insertClaimant } from '../../review/claimant-store.ts';

/** The code opens this and nothing else, once. */
export async function acceptInvite(
  ctx: CaseContext,
  { code, newKey, signingKey }: CaseInput<'case.accept'>,
): Promise<CaseOutput<'case.accept'>> {
  const { db, now: at } = ctx;
  const invite = caseKey(code);
  const known = await findInvite(db, { invite, now: at });
  const locked = known && (await lockRecord(ctx, known.sanction));
  const record = locked && (await applyDueSteps(ctx, locked));
  // Looked up again under the lock: it may have been used, or ended, while this waited.
  const found = await findInvite(db, { invite, now: at });
  if (!record || !found || (await dueErasure(ctx, record)) === 'case') throw new WrongSecret();
  const claimant = newClaimantId(ctx);
  await insertClaimant(db, {
    id: claimant,
    sanction: record.id,
    secret: await freshKey(ctx, newKey),
    kind: found.kind,
    acts_for: found.by_claimant,
    signing_key: signingKeyOf(signingKey),
    since: at,
  });
  await acceptAccess(db, found, { claimant, at });
  return { sanction: record.id, as: found.kind, since: toTimestamp(at) };
}
