import { caseKey, toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { rotateInContests } from '../panel/case-store.ts';
import { invalid, refusal } from '../sanctions/refusal.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import { lockByKey, lockCase } from './access.ts';
import { moveAccess } from './access-store.ts';
import { moveContact } from './contact.ts';
import type { CaseContext } from './context.ts';
import { lockKey } from './find-store.ts';
import {
  changeHolder,
  endHolder,
  insertHolder,
  isTaken,
  liveHolder,
  type HolderRow,
} from './holder-store.ts';
import { mayAct } from './represents.ts';
import { assertPlainKey } from './secrets.ts';
import { WrongSecret } from './wrong-secret.ts';

/** From now on only the new key acts: the code shows that the case was claimed, and how to contest that. */
export async function claimCase(
  ctx: CaseContext,
  { code, newKey }: CaseInput<'case.claim'>,
): Promise<CaseOutput<'case.claim'>> {
  const { record, key } = await lockCase(ctx, code);
  if (key) throw refusal('state-conflict', 'code', 'is-key');
  if (await liveHolder(ctx.db, record.id)) throw refusal('state-conflict', 'code', 'claimed');
  await insertHolder(ctx.db, {
    key_hash: await freshKey(ctx, newKey),
    sanction: record.id,
    way: 'code',
    positions: [],
    unlocked: true,
    holds: true,
    at: ctx.now,
  });
  return { sanction: record.id, claimedAt: toTimestamp(ctx.now) };
}

/** The old key opens nothing any more; since when the case is held does not change. */
export async function rotateKey(
  ctx: CaseContext,
  { key: oldKey, newKey }: CaseInput<'case.rotate'>,
): Promise<CaseOutput<'case.rotate'>> {
  const { key } = await lockByKey(ctx, oldKey);
  const key_hash = await freshKey(ctx, newKey);
  const { sanction, way, positions, unlocked, holds, at } = key;
  await endHolder(ctx.db, key.key_hash, { as: 'rotated', at: ctx.now });
  await insertHolder(ctx.db, { key_hash, sanction, way, positions, unlocked, holds, at });
  const moved = { from: key.key_hash, to: key_hash };
  await moveAccess(ctx.db, moved);
  await moveContact(ctx, { from: key, to: key_hash });
  await rotateInContests(ctx.db, moved);
  return { rotatedAt: toTimestamp(ctx.now) };
}

/** Whoever has the notice as well was the one it was written to. */
export async function unlockCase(
  ctx: CaseContext,
  { key: secret, code }: CaseInput<'case.unlock'>,
): Promise<CaseOutput<'case.unlock'>> {
  const { record, key } = await lockByKey(ctx, secret);
  if (caseKey(code) !== record.case_key) throw new WrongSecret();
  await changeHolder(ctx.db, key.key_hash, { unlocked: true });
  return { unlocked: true };
}

/**
 * A found key acts for a case that nobody holds, and holds it from then on.
 * @throws Problem `state-conflict`: somebody else does
 */
export async function takeCase(
  ctx: CaseContext,
  record: SanctionRow,
  key: HolderRow,
): Promise<void> {
  // Whom its holder gave access appeals for them.
  if (mayAct(key)) return;
  const holder = await liveHolder(ctx.db, record.id);
  if (holder) {
    throw refusal('state-conflict', 'key', whyNotTaken(key, holder));
  }
  await changeHolder(ctx.db, key.key_hash, { holds: true });
}

function whyNotTaken(key: HolderRow, holder: HolderRow): string {
  if (holder.way === 'found') return 'held-by-proof';
  return key.way === 'found' ? 'claimed-contest-first' : 'not-proven';
}

/** A key that opened something before, or a code, would open two cases. */
export async function freshKey({ db }: CaseContext, newKey: string): Promise<string> {
  assertPlainKey(newKey);
  const hash = caseKey(newKey);
  await lockKey(db, hash);
  if (await isTaken(db, hash)) throw invalid('newKey', 'used');
  return hash;
}
