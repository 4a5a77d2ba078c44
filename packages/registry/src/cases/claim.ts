import { caseKey, newId, toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { addDays } from '../kernel/bounds.ts';
import { invalid, refusal } from '../kernel/refusal.ts';
import { lockAsClaimant, lockCase, speaksAs } from './access.ts';
import {
  addWays,
  codeOf,
  findClaimant,
  insertClaimant,
  isTaken,
  setSecret,
} from '../review/claimant-store.ts';
import type { CaseContext } from './context.ts';
import { lockKey } from './find-store.ts';
import { assertPlainKey } from './secrets.ts';
import { signingKeyOf } from './signed-act.ts';

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

/** The old secret opens nothing any more; who has it is the same claimant as before. */
export async function rotateKey(
  ctx: CaseContext,
  { key: old, newKey }: CaseInput<'case.rotate'>,
): Promise<CaseOutput<'case.rotate'>> {
  const { claimant } = await lockAsClaimant(ctx, old);
  await setSecret(ctx.db, claimant.id, await freshKey(ctx, newKey));
  return { rotatedAt: toTimestamp(ctx.now) };
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

export const newClaimantId = ({ now, services }: Pick<CaseContext, 'now' | 'services'>) =>
  newId('clm', { now, random: services.random });

/** A secret that opens something already, or a code, would open two cases. */
export async function freshKey({ db }: CaseContext, newKey: string): Promise<string> {
  assertPlainKey(newKey);
  const hash = caseKey(newKey);
  await lockKey(db, hash);
  if (await isTaken(db, hash)) throw invalid('newKey', 'used');
  return hash;
}
