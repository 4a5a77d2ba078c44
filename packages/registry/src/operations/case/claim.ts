import { caseKey, toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { lockCase, speaksAs } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { freshKey, newClaimantId } from '../../cases/secrets.ts';
import { signingKeyOf } from '../../cases/signed-act.ts';
import { refusal } from '../../kernel/refusal.ts';
import {
  addWays,
  codeOf,
  findClaimant,
  insertClaimant,
  useFirst,
} from '../../review/claimant-store.ts';

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
  const hash = caseKey(code);
  const used = known ? undefined : await codeOf(db, hash);
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
  // What they proved by it is no newer by a second use, and no less.
  if (used.used_by !== claimant)
    await addWay(ctx, { ...used, hash, claimant, sanction: record.id });
  return { sanction: record.id, claimedAt: toTimestamp(at) };
}

type UsedCode = NonNullable<Awaited<ReturnType<typeof codeOf>>>;

/** Adds a way. A code proves by its first use alone: by the second nobody knows who has seen it. */
async function addWay(
  { db, now: at }: CaseContext,
  used: UsedCode & {
    readonly hash: string;
    readonly claimant: string;
    readonly sanction: string;
  },
): Promise<void> {
  const { hash, claimant, sanction, position, made_at: madeAt, used_by: usedBy, by_phone } = used;
  const isFirst = position !== null && usedBy === null;
  if (isFirst) await useFirst(db, { hash, claimant });
  await addWays(db, {
    claimant,
    sanction,
    way: position === null ? 'handed' : 'delivered',
    positions: [position],
    first_use: isFirst,
    by_phone,
    at,
    proven_at: earlier(at, addDays(madeAt, deliveredDays)),
  });
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
